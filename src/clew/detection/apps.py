from django.apps import AppConfig


class DetectionConfig(AppConfig):
    name = "clew.detection"
    verbose_name = "监督模型 Detection"

    def ready(self) -> None:
        from clew.audit import presenters
        from clew.detection.wording import WORDING

        presenters.register(WORDING)
