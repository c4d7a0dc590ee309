"""The words a pack imports. No Django, no engine behind them: only declarations and Ibis."""

from clew.declare.dataset import (
    BATCH,
    JOURNAL,
    REGISTER,
    ROW_ID,
    Cluster,
    Column,
    Compare,
    Dataset,
    Reversal,
)
from clew.declare.detector import (
    CLUE,
    DATA_CORRECTION,
    EXCLUDED,
    HIGH,
    LOW,
    MEDIUM,
    REVIEW_LIST,
    AnyOf,
    Condition,
    Detector,
    Exclusion,
    Fact,
    Param,
    Params,
    Row,
    any_of,
    detector,
    severity_always,
)
from clew.declare.expressions import (
    add_days,
    any_true,
    apportion,
    days_between,
    int_div,
    minutes_between,
    month_end,
    months_between,
    names_agree,
    ratio,
    to_int,
)
from clew.declare.indicator import COUNT, DISTINCT, SUM, Indicator, indicator
from clew.declare.neighbours import next, overlapping, previous, within
from clew.declare.pack import LegalBasis, Owner, Pack, Planted, Sample, load_legal
from clew.declare.relations import Derived, Relations, derived
from clew.declare.text import T

__all__ = [
    "BATCH", "CLUE", "COUNT", "DATA_CORRECTION", "DISTINCT", "EXCLUDED", "HIGH", "JOURNAL", "LOW",
    "MEDIUM", "REGISTER", "REVIEW_LIST", "ROW_ID", "SUM", "AnyOf", "Cluster", "Column", "Compare", "Condition",
    "Dataset", "Derived", "Detector", "Exclusion", "Fact", "Indicator", "LegalBasis", "Owner", "Pack",
    "Param", "Params", "Planted", "Relations", "Reversal", "Row", "Sample", "T", "add_days", "any_of",
    "any_true", "apportion", "days_between", "derived", "detector", "indicator", "int_div", "load_legal",
    "minutes_between", "month_end", "months_between", "names_agree", "next", "overlapping",
    "previous", "ratio", "severity_always", "to_int", "within",
]
