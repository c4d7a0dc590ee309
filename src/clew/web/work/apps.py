from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "clew.web.work"
    label = "work"

    def ready(self) -> None:
        # Here, because models may be imported only once all apps are loaded.
        from clew.audit import presenters
        from clew.web.work.wording import WORDING

        presenters.register(WORDING)
