from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "clew.reports"
    verbose_name = "指标 Reports"

    def ready(self) -> None:
        from clew.audit.presenters import register
        from clew.reports.wording import WORDING

        register(WORDING)
