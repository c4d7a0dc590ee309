"""MI-27: an outpatient or pharmacy service elsewhere while the person lay in hospital."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.oracle.overlapping_stays import newborn
from tests.journeys.oracle.rows import CLUE, Fact, Judged, Params, Row, Rows, grouped, valid
from tests.journeys.oracle.stays import Stay, Wards, stays
from tests.journeys.oracle.visits import Diagnoses, Visit, net


def expected(city: Rows, params: Params) -> dict[Fact, Judged]:
    visits = net(city)
    wards = Wards(city, Diagnoses(city, visits))
    beds: dict[int, list[Stay]] = {}
    for stay in stays(city, visits):
        if stay.who is not None and not stay.reversed:
            beds.setdefault(stay.who, []).append(stay)
    outside: dict[Fact, list[tuple[Visit, str]]] = {}
    for visit in visits:
        if visit.inpatient:
            continue
        for who in {visit.row["who"], visit.row["acct_owner_certno"]} - {None}:
            inside = [s for s in beds.get(who, ()) if _during(s, visit, params, wards)]
            if inside:
                codes = [_excuse(city, s, visit, who, wards) for s in inside]
                code = "" if "" in codes else codes[0]
                outside.setdefault(("", str(who), visit.row["mdtrt_id"]), []).append((visit, code))
    return {fact: _judge(rows) for fact, rows in outside.items()}


def _judge(rows: list[tuple[Visit, str]]) -> Judged:
    left = [visit for visit, code in rows if not code]
    if not left:
        return Judged(rows[0][1])
    return Judged(CLUE, sum(v.fund for v in left), sum(v.account for v in left))


def _during(stay: Stay, visit: Visit, params: Params, wards: Wards) -> bool:
    edge = timedelta(days=params["edge_days"])
    elsewhere = not wards.one_house(stay.institution, visit.row["fixmedins_code"])
    end = stay.end
    return (
        elsewhere and end is not None and stay.admitted + edge <= visit.began <= end - edge
    )  # fmt: skip


def _excuse(city: Rows, stay: Stay, visit: Visit, who: int, wards: Wards) -> str:
    filings = [r for r in city["mi_filing"] if r["who"] == who and valid(r, visit.began)]
    if visit.reversed:
        return "REVERSED"
    if any(_on_leave(leave, visit) for leave in _leaves(city, stay)):
        return "APPROVED_LEAVE"
    if _contracted(city, stay, visit):
        return "CONTRACTED_EXAM"
    if any(r["kind"] == "pickup" for r in filings):
        return "RELATIVE_PICKUP"
    if any(r["kind"] == "long_rx" and r["post_flag"] for r in filings):
        return "POSTED_LONG_RX"
    if _child(stay, visit, wards):
        return "NEWBORN"
    if _mutual_aid(city, visit, who):
        return "MUTUAL_AID"
    if stay.row.get("home_bed_flag"):
        return "HOME_BED"
    return "ENDED_BEFORE" if stay.last_fee and stay.last_fee < visit.began else ""


def _leaves(city: Rows, stay: Stay) -> list[Row]:
    return grouped(city["mi_leave"], "mdtrt_id").get(stay.mdtrt_id, [])


def _on_leave(leave: Row, visit: Visit) -> bool:
    """A leave holds for 24 hours at most."""
    begins, starts = leave["leave_begntime"], visit.row["begntime"]
    longest = begins + timedelta(hours=24)
    ends = min(leave["leave_endtime"] or longest, longest)
    return bool(leave["approved_flag"] and begins <= starts <= ends)


def _contracted(city: Rows, stay: Stay, visit: Visit) -> bool:
    pair = {stay.institution, visit.row["fixmedins_code"]}
    return any(
        r["kind"] == "contract_exam" and {r["fixmedins_code"], r["partner_code"]} == pair
        and valid(r, visit.began)
        for r in city["mi_programme"]
    )  # fmt: skip


def _child(stay: Stay, visit: Visit, wards: Wards) -> bool:
    """A newborn under the mother's number: in the bed, or at the outside service."""
    if newborn(stay, stay, wards, 28):
        return True
    born = visit.row["brdy"]
    young = born is not None and 0 <= (visit.began - born).days <= 28
    return young and wards.obstetric(stay)


def _mutual_aid(city: Rows, visit: Visit, who: int) -> bool:
    row = visit.row
    if row["acct_owner_certno"] is not None:
        return bool(row["acct_owner_certno"] == who != row["who"])
    aided = (row["acct_mulaid_pay"] or 0) > 0 and (visit.fund, visit.account) == (0, 0)
    held = city["mi_binding"]
    bound = any(b["member_certno"] == row["who"] and valid(b, visit.began) for b in held)
    return aided and (bound or not held)
