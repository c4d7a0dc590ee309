"""Permit cases and their deadlines: the table of contents."""

from pathlib import Path

from clew.declare import Owner, Pack, T
from clew.packs._template.datasets import DATASETS
from clew.packs._template.detectors import DETECTORS
from clew.packs._template.sample import sample

PACK = Pack(
    name="permits_template",
    title=T("许可办件时限（样板）", "Permit deadlines (template)"),
    owners=(Owner("approval", T("行政审批局", "Administrative Approval Bureau")),),
    datasets=DATASETS,
    derived=(),
    detectors=DETECTORS,
    mappings=Path(__file__).parent / "mappings",
    sample=sample,
)
