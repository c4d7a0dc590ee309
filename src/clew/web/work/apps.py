from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "clew.web.work"
    label = "work"
