"""A detector's record, a line a version: what it saw, what became of it, keep, tune or retire.

A verdict counts for every version, and every set of parameters, whose run sighted the clue, so
two of them can be compared on the same clues. Coverage is the share of the clues on which an
officer has decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from clew.declare import Detector
from clew.declare.text import T
from clew.detection.models import RAN, Clue, Hit, Run, Verdict
from clew.detection.overlap import Seen, seen, shared_clues
from clew.detection.precision import Share, apart, precision
from clew.detection.verdicts import queries as verdicts

KEEP, TUNE, RETIRE, TOO_FEW = "keep", "tune", "retire", "too_few"
RISING, FALLING, NOT_SHOWN = "rising", "falling", "not_shown"
TITLES: Mapping[str, T] = {
    KEEP: T("保留", "keep"),
    TUNE: T("调整", "tune"),
    RETIRE: T("停用", "retire"),
    TOO_FEW: T("判定太少", "too few verdicts"),
    RISING: T("上升", "rising"),
    FALLING: T("下降", "falling"),
    NOT_SHOWN: T("未见差别", "no difference shown"),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """When to keep and when to retire: bounds of the precision's 95 % interval."""

    least: int = 10
    keep_from: float = 0.5
    retire_below: float = 0.2

    def stated(self) -> T:
        keep, retire = f"{self.keep_from:.0%}", f"{self.retire_below:.0%}"
        return T(
            f"判定不足 {self.least} 条不作建议; 精度区间下限达 {keep} 为保留, 上限低于 {retire} "
            "为停用, 其余为调整",
            f"no advice below {self.least} verdicts; keep if the interval lies above {keep}, "
            f"retire if below {retire}, else tune",
        )


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Line:
    """One version of a detector. Counts of the run are those of the version's last one.

    `clues` are all that the version ever sighted, `amount` what they are worth and `confirmed`
    what the confirmed ones are worth, in fen, each by its last sighting; `shared` are current
    clues that stand on a row of another detector's clue, out of `current`.
    """

    detector: str
    version: int
    clues: int
    precision: Share
    causes: Mapping[str, int]
    amount: int
    confirmed: int
    excluded: Mapping[str, int]
    untested: Sequence[str]
    last_run: str
    ran_at: datetime
    shared: int = 0
    current: int = 0

    @property
    def coverage(self) -> Share:
        return Share(self.precision.n, self.clues)

    @property
    def overlap(self) -> Share:
        return Share(self.shared, self.current)


@dataclass(frozen=True, slots=True)
class Period:
    """One version with one set of parameters, and how it compares with the one before."""

    detector: str
    version: int
    params: Mapping[str, str]
    first_run: str
    first_at: datetime
    runs: int
    clues: int
    precision: Share
    trend: str


def advice(share: Share, bounds: Bounds = BOUNDS) -> str:
    """Keep, tune or retire; never on fewer verdicts than the bounds name."""
    if share.interval is None or share.n < bounds.least:
        return TOO_FEW
    low, high = share.interval
    if low >= bounds.keep_from:
        return KEEP
    return RETIRE if high < bounds.retire_below else TUNE


def trend(before: Share, now: Share, bounds: Bounds = BOUNDS) -> str:
    """Rising or falling where the intervals lie apart; a mere difference is not spoken of."""
    if min(before.n, now.n) < bounds.least:
        return TOO_FEW
    if not apart(before, now):
        return NOT_SHOWN
    return RISING if before.hits * now.n < now.hits * before.n else FALLING


def scorecard(detectors: Sequence[Detector]) -> list[Line]:
    """A line a version that has run, oldest version first; current ones know their overlap."""
    everything = seen()
    return [line for d in detectors for line in _lines(d, everything)]


def history(detectors: Sequence[Detector]) -> list[Period]:
    """Every version and set of parameters in the order in which they first ran."""
    return [period for d in detectors for period in _periods(d)]


def _lines(detector: Detector, everything: dict[str, Seen]) -> list[Line]:
    runs = _runs(detector)
    versions = _grouped(runs, lambda run: run.versions[detector.id])
    lines = [_line(detector, version, own) for version, own in sorted(versions.items())]
    if detector.id not in everything:
        return lines
    current = runs[-1].versions[detector.id]
    shared = shared_clues(detector.id, everything), len(everything[detector.id].clues)
    return [
        replace(line, shared=shared[0], current=shared[1]) if line.version == current else line
        for line in lines
    ]


def _line(detector: Detector, version: int, runs: Sequence[Run]) -> Line:
    last = runs[-1]
    outcome = next(o for o in last.results if o["id"] == detector.id)
    hits = _last_hits(detector, runs)
    return Line(
        detector=detector.id,
        version=version,
        clues=len(hits),
        precision=precision(h.status for h in hits.values()),
        causes=Counter(_causes(verdicts.standing(hits).values())),
        amount=sum(h.amount for h in hits.values()),
        confirmed=sum(h.amount for h in hits.values() if h.status == Clue.CONFIRMED),
        excluded=outcome["excluded"] or {},
        untested=outcome["untested"],
        last_run=last.code,
        ran_at=last.started_at,
    )


def _periods(detector: Detector) -> list[Period]:
    def setting(run: Run) -> Hashable:
        return run.versions[detector.id], tuple(sorted(run.params[detector.id].items()))

    periods: list[Period] = []
    for own in _grouped(_runs(detector), setting).values():
        first = own[0]
        hits = _last_hits(detector, own)
        share = precision(h.status for h in hits.values())
        periods.append(
            Period(
                detector.id,
                first.versions[detector.id],
                first.params[detector.id],
                first.code,
                first.started_at,
                len(own),
                len(hits),
                share,
                trend(periods[-1].precision, share) if periods else "",
            )
        )
    return periods


def _runs(detector: Detector) -> list[Run]:
    """Runs in which the detector ran, oldest first."""
    return [
        run
        for run in Run.objects.defer("inputs", "held").order_by("id")
        if any(o["id"] == detector.id and o["status"] == RAN for o in run.results)
    ]


def _grouped(runs: Sequence[Run], by: Callable[[Run], Any]) -> dict[Any, list[Run]]:
    grouped: dict[Any, list[Run]] = {}
    for run in runs:
        grouped.setdefault(by(run), []).append(run)
    return grouped


@dataclass(frozen=True, slots=True)
class _Sighted:
    status: str
    amount: int


def _last_hits(detector: Detector, runs: Sequence[Run]) -> dict[int, _Sighted]:
    """Clue's database id → its status, and its amount when these runs sighted it last."""
    hits = Hit.objects.filter(run__in=[r.pk for r in runs], clue__detector=detector.id)
    told = hits.order_by("run_id").values_list("clue_id", "clue__status", "fund", "account")
    return {
        clue: _Sighted(status, fund + account) for clue, status, fund, account in told.iterator()
    }


def _causes(words: Iterable[Verdict]) -> list[str]:
    """The codes of rebuttals that stand."""
    return [word.code for word in words if word.kind == Verdict.REBUTTED]
