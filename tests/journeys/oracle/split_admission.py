"""MI-06: admitted again to the same institution within days, planned, for the same category, where
that happens more often than at peers.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import isqrt

from tests.journeys.oracle.rows import CLUE, Fact, Judged, Params, Rows, grouped, month_after, valid
from tests.journeys.oracle.stays import Stay, stays
from tests.journeys.oracle.visits import Diagnoses, fen, net

MOVED_OR_DEAD = {"2", "3", "5"}


def expected(city: Rows, params: Params) -> dict[Fact, Judged]:
    visits = net(city)
    diagnoses = Diagnoses(city, visits)
    every = stays(city, visits)
    again = _readmissions([s for s in every if not s.reversed], diagnoses, params["days"])
    excused = {s.mdtrt_id: _excuse(city, first, s, diagnoses) for first, s in again}
    counted = [s for _, s in again if not excused[s.mdtrt_id]]
    rates = _Rates(city, [s for s in every if not s.reversed], counted, params)
    found = {}
    for first, second in again:
        fact = ("", second.institution, str(second.who), second.mdtrt_id)
        if excused[second.mdtrt_id]:
            found[fact] = Judged(excused[second.mdtrt_id])
        elif rates.high(first.institution, second.admitted):
            fund = sum(v.fund for v in second.visits)
            account = sum(v.account for v in second.visits)
            found[fact] = Judged(CLUE, fen(Fraction(fund)), fen(Fraction(account)))
    return found


def _readmissions(every: list[Stay], diagnoses: Diagnoses, days: int) -> list[tuple[Stay, Stay]]:
    found = []
    places: dict[tuple[int | None, str], list[Stay]] = {}
    for stay in every:
        places.setdefault((stay.who, stay.institution), []).append(stay)
    for own in places.values():
        own.sort(key=lambda s: (s.admitted, s.end or date.max, s.mdtrt_id))
        for first, second in pairwise(own):
            if first.true_end is None or not 0 <= (second.admitted - first.true_end).days <= days:
                continue
            category = diagnoses.main(first.mdtrt_id)
            if not category or category != diagnoses.main(second.mdtrt_id):
                continue
            if first.row.get("dscg_way") not in MOVED_OR_DEAD and _planned(second):
                found.append((first, second))
    return found


def _planned(stay: Stay) -> bool:
    """An untested plan does not stop the fact."""
    planned, emergency = stay.row.get("planned_flag"), stay.row.get("emer_flag")
    return bool(planned) if planned is not None else not emergency


def _excuse(city: Rows, first: Stay, second: Stay, diagnoses: Diagnoses) -> str:
    main = diagnoses.main(second.mdtrt_id)
    if diagnoses.any(second.mdtrt_id) & {"Z49", "Z51"}:
        return "CHEMO_RADIO_DIALYSIS"
    if main.startswith("O"):
        return "OBSTETRICS"
    if _staged(city, second):
        return "STAGED_OPERATION"
    if "T20" <= main <= "T32":
        return "BURNS"
    if "A15" <= main <= "A19":
        return "TUBERCULOSIS"
    if second.row.get("emer_flag") and (second.row.get("icu_hours") or 0) > 0:
        return "EMERGENCY_ICU"
    return "AGAINST_ADVICE" if first.row.get("dscg_way") == "4" else ""


def _staged(city: Rows, second: Stay) -> bool:
    filed = (
        r for r in city["mi_filing"]
        if r["kind"] == "staged" and r["who"] == second.who and valid(r, second.admitted)
    )  # fmt: skip
    told = (
        r for r in city["mi_operation"]
        if r["mdtrt_id"] == second.mdtrt_id and r["staged_flag"]
    )  # fmt: skip
    return any(True for _ in filed) or any(True for _ in told)


class _Rates:
    """Readmissions in a thousand thousand stays, by institution and span of months."""

    def __init__(self, city: Rows, every: list[Stay], counted: list[Stay], params: Params) -> None:
        self._levels = {
            code: rows[0]["hosp_lv"]
            for code, rows in grouped(city["mi_institution"], "fixmedins_code").items()
        }
        self._every, self._counted, self._params = every, counted, params

    def high(self, institution: str, admitted: date) -> bool:
        """Above the peers' mean by more than `sd` deviations, or too few peers to tell."""
        last = month_after(admitted.replace(day=1), 1)
        first = month_after(last, -self._params["rate_months"])
        discharged = Counter(s.institution for s in self._every if s.end and first <= s.end < last)
        again = Counter(s.institution for s in self._counted if first <= s.admitted < last)
        rate = {p: _per_million(again[p], n) for p, n in discharged.items()}
        level = self._levels.get(institution)
        peers = [r for p, r in rate.items() if p != institution and self._levels.get(p) == level]
        if level is None or len(peers) < self._params["min_peers"] or institution not in rate:
            return True
        return above(rate[institution], peers, self._params["sd"])


def _per_million(part: int, whole: int) -> int:
    return (2 * part * 1_000_000 + whole) // (2 * whole)


def above(x: int, peers: list[int], limit: float) -> bool:
    """z > limit, z rounded half up to four places: (n x - Σp) / sqrt(n Σp² - (Σp)²) exactly."""
    n, total = len(peers), sum(peers)
    spread = n * sum(p * p for p in peers) - total * total
    distance = n * x - total
    if spread == 0:
        return distance > 0
    if distance <= 0:
        return False
    ten_thousandths = (isqrt(4 * distance * distance * 10**8 // spread) + 1) // 2
    return Fraction(ten_thousandths, 10_000) > Fraction(str(limit))
