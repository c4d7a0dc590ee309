from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "clew.linkage"
    verbose_name = "关联 Links"

    def ready(self) -> None:
        from clew.audit import presenters
        from clew.linkage.wording import WORDING

        presenters.register(WORDING)
