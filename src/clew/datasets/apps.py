from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    name = "clew.datasets"
    verbose_name = "数据集 Datasets"

    def ready(self) -> None:
        from clew.audit import presenters
        from clew.datasets.wording import WORDING

        presenters.register(WORDING)
