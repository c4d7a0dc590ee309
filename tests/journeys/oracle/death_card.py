"""MI-01: services to a person, or from the account of a person, who was dead."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.journeys.oracle.deaths import Death, Names, Source, deaths, first_tier
from tests.journeys.oracle.rows import CLUE, Fact, Judged, Params, Row, Rows, day, grouped, valid
from tests.journeys.oracle.visits import Visit, fee_day, fen, net

ORDER = (
    "REVERSED", "LATE_SETTLEMENT", "SAME_STAY", "LINK_BELOW_T1", "MUTUAL_AID", "ALIVE_EVIDENCE",
    "DECLARED_REVOKED", "MORTUARY_ITEMS", "PENDING_DEATH_DATE", "ONLY_UPPER_BOUND", "NO_PAYMENT",
)  # fmt: skip


def expected(city: Rows, params: Params) -> dict[Fact, Judged]:
    visits, names = net(city), Names(city)
    found = {}
    for who, death in deaths(city).items():
        told = [s.day for s in death.sources] or death.bounds or death.withdrawn
        touched = [
            v for v in visits
            if who in (v.row["who"], v.row["acct_owner_certno"]) and told and _last(v) > min(told)
        ]  # fmt: skip
        if touched:
            case = _Case(city, who, death, params, names, touched)
            found[("", str(who), case.latest.isoformat())] = case.judge(touched)
    return found


def _days(visit: Visit) -> list[date]:
    """Service days: those of the fee lines, else the one on which it began."""
    return [fee_day(line) for line in visit.lines] or [visit.began]


def _last(visit: Visit) -> date:
    return max(*_days(visit), day(visit.row["setl_time"]))


class _Case:
    """One dead person. `latest` is the last day of death that papers beyond doubt tell."""

    def __init__(
        self, city: Rows, who: int, death: Death, params: Params, names: Names,
        touched: list[Visit],
    ) -> None:  # fmt: skip
        self.city, self.who, self.death, self.params, self.names = city, who, death, params, names
        sure = [s.day for v in touched for s in death.sources if self._sure(s, v)]
        told = [s.day for s in death.sources] or death.withdrawn
        self.days = sure or told or [min(death.bounds)]
        self.earliest, self.latest = min(self.days), max(self.days)
        self.inpatient = {r["mdtrt_id"]: r for r in city["mi_inpatient"]}
        self.kinds = grouped(city["mi_catalogue"], "med_list_codg")

    def _sure(self, source: Source, visit: Visit) -> bool:
        return first_tier(source, visit.row, self.who, self.names)

    def judge(self, touched: list[Visit]) -> Judged:
        """Row by row: what no code takes out is counted."""
        codes = set()
        fund = account = Fraction(0)
        flagged = 0
        for visit in touched:
            code, part = self._visit(visit)
            if code:
                codes.add(code)
                continue
            flagged += 1
            fund += visit.fund * part
            account += visit.account * part
        if flagged and self._alive():
            return Judged("ALIVE_EVIDENCE")
        if flagged and (fund, account) != (0, 0):
            return Judged(CLUE, fen(fund), fen(account))
        return Judged(min(codes or {"NO_PAYMENT"}, key=ORDER.index))

    def _visit(self, visit: Visit) -> tuple[str, Fraction]:
        """The code that takes the settlement out, or "" and the part of it that is after death."""
        limit = self.latest + timedelta(days=self.params["grace_days"])
        if visit.reversed:
            return "REVERSED", Fraction(0)
        late = [d for d in _days(visit) if d > limit]
        pending = self._pending(visit)
        if not late and not pending:
            return "LATE_SETTLEMENT", Fraction(0)
        late = [d for d in late if not self._same_stay(visit, d)]
        if not late and not pending:
            return "SAME_STAY", Fraction(0)
        if self.death.sources and not any(self._sure(s, visit) for s in self.death.sources):
            return "LINK_BELOW_T1", Fraction(0)
        if self._mutual_aid(visit):
            return "MUTUAL_AID", Fraction(0)
        if any(d >= self.latest for d in self.death.revoked):
            return "DECLARED_REVOKED", Fraction(0)
        lines = [
            line for line in visit.lines
            if fee_day(line) > limit and not self._same_stay(visit, fee_day(line))
        ]  # fmt: skip
        billed = [line for line in lines if not self._mortuary(line)]
        if lines and not billed:
            return "MORTUARY_ITEMS", Fraction(0)
        if not late:
            return "PENDING_DEATH_DATE", Fraction(0)
        if not self.death.sources:
            return "ONLY_UPPER_BOUND", Fraction(0)
        if not visit.lines:
            return "", Fraction(1)
        return "", visit.part(lambda line: any(line is b for b in billed))

    def _pending(self, visit: Visit) -> bool:
        grace = timedelta(days=self.params["grace_days"])
        wide = (self.latest - self.earliest).days > self.params["death_conflict_days"]
        return wide and any(self.earliest + grace < d <= self.latest + grace for d in _days(visit))

    def _same_stay(self, visit: Visit, on: date) -> bool:
        """A stay that ended with this death: its fee days up to `stay_days` after the death."""
        row = self.inpatient.get(visit.row["mdtrt_id"])
        if row is None or row["dscg_way"] != "5" or not row["dscg_time"]:
            return False
        days = self.params["stay_days"]
        return (
            day(row["adm_time"]) <= self.latest
            and abs((day(row["dscg_time"]) - self.latest).days) <= days
            and on <= self.latest + timedelta(days=days)
        )

    def _mutual_aid(self, visit: Visit) -> bool:
        row = visit.row
        owner = row["acct_owner_certno"]
        if owner is not None:
            return bool(owner == self.who and row["who"] != self.who)
        aided = (row["acct_mulaid_pay"] or 0) > 0 and (visit.fund, visit.account) == (0, 0)
        held = self.city["mi_binding"]
        bound = any(
            b["member_certno"] == row["who"] and valid(b, visit.began) for b in held
        )  # fmt: skip
        return aided and (bound or not held)

    def _mortuary(self, line: Row) -> bool:
        kinds = {r["kind"] for r in self.kinds.get(line["med_list_codg"], ())}
        soon = fee_day(line) <= self.latest + timedelta(days=1)
        return soon and bool(kinds & {"mortuary", "autopsy"})

    def _alive(self) -> bool:
        """Seen alive after the latest day of death."""
        who, latest, city = self.who, self.latest, self.city
        faces = (
            r for r in city["mi_settlement"]
            if r["who"] == who and r["verify_mode"] == "face" and day(r["begntime"]) > latest
        )  # fmt: skip
        borders = (
            r for r in city["mi_border"]
            if r["who"] == who and any(d and d > latest for d in (r["exit_date"], r["entry_date"]))
        )  # fmt: skip
        wages = (
            r for r in city["tax_wage"]
            if r["who"] == who and r["month"] > latest.replace(day=1)
        )  # fmt: skip
        marriages = (
            r for r in city["civil_marriage"]
            if who in (r["who"], r["spouse_certno"]) and r["kind"] == "marriage"
            and r["reg_date"] > latest
        )  # fmt: skip
        return any(any(True for _ in rows) for rows in (faces, borders, wages, marriages))
