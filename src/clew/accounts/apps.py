from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "clew.accounts"
    verbose_name = "Departments and accounts"

    def ready(self) -> None:
        # Here, because models may be imported only once all apps are loaded.
        from clew.accounts.wording import WORDING
        from clew.audit import presenters

        presenters.register(WORDING)
