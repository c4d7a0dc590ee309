"""What excuses a visit from every signal of MI-08."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Exclusion, Relations, T, days_between
from clew.packs.medical_insurance.derived.terms import DAY_PRECISION, mark, valid_on

SUPPLEMENT_MINUTES = 60

REVERSED = Exclusion("REVERSED", T("已冲销", "Reversed"))
OFFLINE_SUPPLEMENT = Exclusion(
    "OFFLINE_SUPPLEMENT", T("脱机补录", "Entered later offline"),
    sources=("mi_settlement.offline_flag",),
)  # fmt: skip
INTERNET_REVISIT = Exclusion(
    "INTERNET_REVISIT", T("互联网复诊", "Seen again online"),
    sources=("mi_settlement.internet_flag",),
)  # fmt: skip
MOBILE_CLINIC = Exclusion(
    "MOBILE_CLINIC", T("登记的巡回医疗日", "Registered day of a mobile clinic"),
    sources=("mi_programme",),
)  # fmt: skip
CUSTODY_HOSPITAL = Exclusion(
    "CUSTODY_HOSPITAL", T("监所合作医院", "Hospital under contract with the prison"),
    sources=("mi_programme",),
)  # fmt: skip


def with_excuses(t: ir.Table) -> ir.Table:
    """Adds the exclusions that the visit's own cells tell; `t` has those of net_settlements."""
    late: Any = t.upload_time > t.begntime + ibis.interval(minutes=SUPPLEMENT_MINUTES)
    timed = (t.upload_time_precision > DAY_PRECISION) & (t.begntime_precision > DAY_PRECISION)
    next_day: Any = days_between(t.upload_time.date(), t.service_date) > 0
    by_day = ibis.ifelse(next_day, True, ibis.null("boolean"))
    return t.mutate(
        not_REVERSED=t.reversed,
        not_OFFLINE_SUPPLEMENT=t.offline_flag & ibis.ifelse(timed, late, by_day),
        not_INTERNET_REVISIT=t.internet_flag,
    ).drop("reversed", "upload_time", "upload_time_precision", "offline_flag", "internet_flag")


def mark_programme(
    r: Relations, t: ir.Table, name: str, kind: str, key: tuple[str, ...]
) -> ir.Table:
    """Adds the boolean `name`: the institution `subject_place` has a programme of that kind on
    `day`.
    """
    g = r["mi_programme"]
    g = g.filter(g.kind == kind).select("fixmedins_code", "start_date", "end_date")
    return mark(
        t, name, key, g,
        lambda a, b: [
            a.subject_place == b.fixmedins_code, valid_on(a.day, b.start_date, b.end_date)
        ],
    )  # fmt: skip
