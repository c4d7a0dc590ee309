from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "clew.web"
    label = "web"
