"""The contracts of this pack."""

from clew.packs._template.datasets.permit_event import PermitEvent

DATASETS = (PermitEvent,)

__all__ = ["DATASETS"]
