from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "clew.reports"
    verbose_name = "指标 Reports"
