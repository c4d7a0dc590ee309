from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "clew.audit"
    verbose_name = "Audit ledger"
