from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "clew.web"
    label = "web"

    def ready(self) -> None:
        # After all models: allauth's signals live beside them.
        from clew.web.signin import second

        second.connect()
