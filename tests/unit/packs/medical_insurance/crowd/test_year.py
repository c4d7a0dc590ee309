"""A town's year as its rows tell it: seasons, wards, money, work; the same whatever the memory."""

from __future__ import annotations

import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from clew.packs.medical_insurance.sample import crowd
from clew.packs.medical_insurance.sample.city import LAST_DAY, City
from clew.packs.medical_insurance.sample.crowd.houses import Houses, furnish
from clew.packs.medical_insurance.sample.crowd.scope import Scope, scope

Rows = list[dict[str, str]]
SEED = 4


def houses_of(plan: Scope) -> Houses:
    return furnish(City(Random("city")), plan, SEED)


def lived(plan: Scope, seed: int = SEED) -> Iterator[list[crowd.Part]]:
    return crowd.live(plan, houses_of(plan), seed)


@pytest.fixture(scope="module")
def plan() -> Scope:
    return scope(30_000)


@pytest.fixture(scope="module")
def year(plan: Scope) -> dict[str, Rows]:
    held: dict[str, Rows] = defaultdict(list)
    for parts in lived(plan):
        for part in parts:
            held[part.dataset] += part.table.to_pylist()
    return held


def day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def fen(text: str) -> int:
    return int(text.replace(".", ""))


def test_the_same_seed_lives_the_same_year(plan: Scope) -> None:
    for one, other in zip(lived(plan), lived(plan), strict=True):
        assert [(p.dataset, p.delivery) for p in one] == [(p.dataset, p.delivery) for p in other]
        assert all(a.table.equals(b.table) for a, b in zip(one, other, strict=True))
    assert not next(lived(plan, 5))[0].table.equals(next(lived(plan))[0].table)


def test_a_town_does_not_depend_on_the_others(plan: Scope) -> None:
    houses = houses_of(plan)
    alone = replace(plan, chunks=plan.chunks[5:6])
    (parts,) = crowd.live(alone, houses, SEED)
    among = list(crowd.live(plan, houses, SEED))[5]
    assert all(a.table.equals(b.table) for a, b in zip(parts, among, strict=True))


def test_as_many_visits_as_asked_for(year: dict[str, Rows]) -> None:
    assert len(year["mi_settlement"]) == pytest.approx(30_000, rel=0.05)
    assert len({r["setl_id"] for r in year["mi_settlement"]}) == len(year["mi_settlement"])


def test_every_dataset_is_known_and_complete(year: dict[str, Rows]) -> None:
    from clew.packs.medical_insurance.datasets import DATASETS

    contracts = {d.name: d for d in DATASETS}
    assert len(year) == 22
    for dataset, rows in year.items():
        contract = contracts[dataset]
        assert set(rows[0]) <= set(contract.columns)
        needed = [c.name for c in contract.columns.values() if c.required]
        assert all(row[name] for row in rows for name in needed), dataset
        keys = {tuple(row[k] for k in contract.key) for row in rows}
        assert len(keys) == len(rows), dataset


def test_deliveries_hold_their_own_days(plan: Scope) -> None:
    ends = [date(2000, 1, 1), *plan.ends]
    for parts in lived(plan):
        for part in parts:
            if part.dataset == "mi_settlement":
                days = [day(text) for text in part.table.column("setl_time").to_pylist()]
                assert ends[part.delivery] < min(days) <= max(days) <= ends[part.delivery + 1]


def test_illness_has_its_season(year: dict[str, Rows]) -> None:
    months: dict[str, Counter[int]] = defaultdict(Counter)
    for row in year["mi_settlement"]:
        months[row["dise_codg"]][day(row["begntime"]).month] += 1
    flu, bowels, pressure = (months[code] for code in ("J11.100", "A09.900", "I10.x00"))
    winter, summer = (12, 1, 2), (6, 7, 8)
    assert sum(flu[m] for m in winter) > 2.5 * sum(flu[m] for m in summer)
    assert sum(bowels[m] for m in summer) > 2.5 * sum(bowels[m] for m in winter)
    assert max(pressure.values()) < 1.4 * min(pressure.values())


def test_chronic_illness_comes_with_age(year: dict[str, Rows]) -> None:
    ages = [
        LAST_DAY.year - int(r["brdy"][:4]) for r in year["mi_settlement"] if r["med_type"] == "14"
    ]
    assert min(ages) >= 20 and sum(a >= 50 for a in ages) > 0.6 * len(ages)


def stays(year: dict[str, Rows]) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(list)
    for row in year["mi_inpatient"]:
        if row["newborn_flag"] == "0":
            found[row["certno"]].append(row)
    for rows in found.values():
        rows.sort(key=lambda r: r["adm_time"])
    return found


def test_whoever_is_sent_on_arrives_the_same_day(year: dict[str, Rows]) -> None:
    sent = 0
    for rows in stays(year).values():
        for one, other in pairwise(rows):
            assert one["dscg_time"] < other["adm_time"]
            if one["dscg_way"] == "2":
                assert day(one["dscg_time"]) == day(other["adm_time"])
                assert one["fixmedins_code"] != other["fixmedins_code"]
                sent += 1
            elif day(other["adm_time"]) - day(one["dscg_time"]) <= timedelta(30):
                assert other["emer_flag"] == "1"
    assert sent >= 3


def test_nobody_is_in_two_places(year: dict[str, Rows]) -> None:
    lying = {r["mdtrt_id"] for r in year["mi_inpatient"]}
    busy: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for r in year["mi_inpatient"]:
        busy[r["certno"]].append((day(r["adm_time"]), day(r["dscg_time"])))
    for r in year["mi_border"]:
        busy[r["certno"]].append((day(r["exit_date"]), day(r["entry_date"])))
    seen: set[tuple[str, date]] = set()
    for r in year["mi_settlement"]:
        if r["mdtrt_id"] in lying or r["refd_setl_flag"] == "1":
            continue
        at = day(r["begntime"])
        assert (r["certno"], at) not in seen
        seen.add((r["certno"], at))
        assert not any(a <= at <= b for a, b in busy[r["certno"]])


def test_the_dead_are_left_alone(year: dict[str, Rows]) -> None:
    died = {r["certno"]: day(r["death_time"]) for r in year["death_health"]}
    assert len(died) > 8
    for r in year["mi_settlement"]:
        assert day(r["begntime"]) <= died.get(r["certno"], LAST_DAY)
        assert r["acct_owner_certno"] not in died
    for dataset in ("tax_wage", "si_contribution"):
        for r in year[dataset]:
            assert r["month"] <= f"{died.get(r['certno'], LAST_DAY):%Y-%m}"
    ends = {r["certno"]: r for r in year["mi_participation"] if r["status"] == "4"}
    assert all(ends[c]["end_date"] >= d.isoformat() for c, d in died.items())


def test_every_fen_has_a_payer(year: dict[str, Rows]) -> None:
    lines: Counter[str] = Counter()
    for r in year["mi_fee"]:
        lines[r["setl_id"]] += fen(r["det_item_fee_sumamt"])
    for r in year["mi_settlement"]:
        parts = ("fund_pay_sumamt", "acct_pay", "acct_mulaid_pay", "psn_cash_pay")
        total = fen(r["medfee_sumamt"])
        assert total == sum(fen(r[part]) for part in parts)
        assert total == lines.get(r["setl_id"], total)
        assert (total < 0) == (r["refd_setl_flag"] == "1")
        assert bool(r["acct_owner_certno"]) == (r["acct_mulaid_pay"] != "0.00")
    assert len(lines) > 3_000


def test_reversals_name_an_earlier_row_of_the_visit(year: dict[str, Rows]) -> None:
    held = {r["setl_id"]: r for r in year["mi_settlement"]}
    back = [r for r in held.values() if r["refd_setl_flag"] == "1"]
    assert {bool(r["init_setl_id"]) for r in back} == {True, False}
    for r in back:
        if r["init_setl_id"]:
            first = held[r["init_setl_id"]]
            assert first["mdtrt_id"] == r["mdtrt_id"] and first["setl_time"] < r["setl_time"]
            assert -fen(r["medfee_sumamt"]) <= fen(first["medfee_sumamt"])


def test_accounts_pay_for_bound_relatives(year: dict[str, Rows]) -> None:
    bound = {(r["owner_certno"], r["member_certno"]) for r in year["mi_binding"]}
    aided = [r for r in year["mi_settlement"] if r["acct_owner_certno"]]
    assert len(aided) > 50
    assert {(r["acct_owner_certno"], r["certno"]) for r in aided} <= bound


def test_employers_count_their_people(year: dict[str, Rows]) -> None:
    wages = {(r["certno"], r["emp_uscc"], r["month"]) for r in year["tax_wage"]}
    bases = {(r["certno"], r["emp_uscc"], r["month"]) for r in year["si_contribution"]}
    assert wages == bases
    staff = Counter((employer, month) for _, employer, month in wages)
    for r in year["org_tax"]:
        assert int(r["wage_headcount"]) == staff[r["emp_uscc"], r["month"]]
        assert int(r["invo_cnt"]) > 0 and fen(r["tax_paid"]) > 0
    known = {r["emp_uscc"] for r in year["org_registry"]}
    assert {e for e, _ in staff} <= known


def test_maternity_claims_are_honest(year: dict[str, Rows]) -> None:
    bases: dict[tuple[str, str], list[int]] = defaultdict(list)
    for r in year["si_contribution"]:
        bases[r["emp_uscc"], r["month"][:4]].append(fen(r["base"]))
    births = {r["certno"]: r for r in year["mi_settlement"] if r["med_type"] == "52"}
    assert len(year["mi_maternity"]) >= 3
    for r in year["mi_maternity"]:
        before = bases[r["emp_uscc"], str(int(r["dlvy_date"][:4]) - 1)]
        base = fen(r["allow_base"])
        assert abs(base - sum(before) / len(before)) <= 1
        assert fen(r["allow_paid"]) == (base * int(r["leave_days"]) * 2 + 30) // 60
        assert r["dlvy_date"] < r["pay_date"] <= LAST_DAY.isoformat()
        delivery = births[r["certno"]]
        assert timedelta(0) <= day(r["dlvy_date"]) - day(delivery["begntime"]) <= timedelta(1)


def test_spells_of_insurance_follow_each_other(year: dict[str, Rows]) -> None:
    spells: dict[str, Rows] = defaultdict(list)
    for r in year["mi_participation"]:
        assert not r["end_date"] or r["start_date"] <= r["end_date"]
        spells[r["psn_no"]].append(r)
    assert set(spells) == {r["psn_no"] for r in year["mi_person"]}
    assert sum(len(rows) > 1 for rows in spells.values()) > 5
    for rows in spells.values():
        rows.sort(key=lambda r: r["start_date"])
        assert all(a["end_date"] < b["start_date"] for a, b in pairwise(rows))


def test_kin_live_in_the_registers(year: dict[str, Rows]) -> None:
    born = {r["certno"]: r["brdy"] for r in year["mi_person"]}
    kinds = Counter(r["relation"] for r in year["kin"])
    assert kinds["parent"] > kinds["spouse"] > 300
    for r in year["kin"]:
        if r["relation"] == "parent":
            assert born[r["kin_certno"]] < born[r["certno"]]


def test_memory_is_that_of_a_town() -> None:
    few = replace(scope(12_000), chunks=scope(12_000).chunks[:2])
    many = replace(few, chunks=few.chunks * 6)
    houses = houses_of(scope(12_000))

    def peak(plan: Scope) -> tuple[int, int]:
        arrow = 0
        tracemalloc.start()
        for parts in crowd.live(plan, houses, SEED):
            arrow = max(arrow, pa.total_allocated_bytes())
            del parts
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held, arrow

    peak(few)
    once, six_times = peak(few), peak(many)
    assert six_times[0] < 1.2 * once[0]
    assert six_times[1] < 1.2 * once[1] + 1_000_000


def test_larger_cities_open_more_institutions() -> None:
    small, large = City(Random("a")), City(Random("a"))
    furnish(small, scope(20_000), SEED)
    held = furnish(large, scope(3_000_000), SEED)

    def institutions(city: City) -> list[dict[str, Any]]:
        return [r.cells for r in city.records.rows["mi_institution"][0]]

    # The pharmacy of the story takes no customers, so its division gets another one.
    assert len(institutions(small)) == len(small.places.all()) + 1
    assert len(institutions(large)) > len(institutions(small)) + 50
    assert set(held.codes.to_pylist()) <= {r["fixmedins_code"] for r in institutions(large)}
    reserved = (*large.places.merged, *large.places.campuses, large.places.split)
    assert {i.code for i in reserved}.isdisjoint(held.codes.to_pylist())
