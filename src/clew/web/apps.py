from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "clew.web"
    label = "web"

    def ready(self) -> None:
        # Models cannot be imported before this.
        from clew.web.signin import second

        second.connect()
