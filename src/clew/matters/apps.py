from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "clew.matters"
    verbose_name = "事项 Matters"

    def ready(self) -> None:
        from clew.audit import presenters
        from clew.matters.wording import WORDING

        presenters.register(WORDING)
