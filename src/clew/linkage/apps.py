from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "clew.linkage"
    verbose_name = "关联 Links"
