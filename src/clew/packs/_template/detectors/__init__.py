"""The detectors of this pack."""

from clew.packs._template.detectors.overdue import overdue

DETECTORS = (overdue,)

__all__ = ["DETECTORS"]
