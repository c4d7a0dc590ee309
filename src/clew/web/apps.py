from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "clew.web"
    label = "web"

    def ready(self) -> None:
        # Here, because models may be imported only once all apps are loaded.
        from clew.audit import presenters
        from clew.web.signin import second
        from clew.web.wording import WORDING

        presenters.register(WORDING)
        second.connect()
