"""Rehabilitation that nobody can have given or received.

Looks for more one-to-one minutes than a therapist's day has, sessions of therapists who were away
or without licence, months of sessions without an evaluation, sessions before admission, after
discharge or during an operation, active training of the unconscious, more days with sessions than
the benefit allows, therapies that exclude each other in one session, and one set of therapies for a
whole ward.

Why it matters: sessions leave nothing behind but a line on the bill. Whoever charges by the set
charges for time that no therapist had, and the patient who needs a plan gets none.

Known gaps: minutes are those of the catalogue; the therapist is the one named on the line, and
lines without one are not asked; a session without an hour is not compared with an operation; a
licence is known by its first and last day; evaluations count wherever the person had them.

To verify by hand: read the therapist's roster and the signed treatment sheets of the day; compare
them with the theatre log, the nursing record and the evaluation sheets of the stay.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.rehabilitation.course import (
    beyond_limit,
    not_evaluated,
)
from clew.packs.medical_insurance.detectors.rehabilitation.sessions import (
    exclusive_therapies,
    outside_the_stay,
    trained_unconscious,
)
from clew.packs.medical_insurance.detectors.rehabilitation.sets import ward_therapies
from clew.packs.medical_insurance.detectors.rehabilitation.therapists import (
    away_or_unlicensed,
    overlong_day,
)

rehabilitation = Detector(
    id="MI-19",
    title=T("康复治疗异常", "Rehabilitation"),
    version=1,
    doc=__doc__ or "",
    rules=(
        overlong_day, away_or_unlicensed, not_evaluated, outside_the_stay, trained_unconscious,
        beyond_limit, exclusive_therapies, ward_therapies,
    ),
    optional=(
        "mi_operation", "mi_filing", "mi_inpatient", "mi_diagnosis", "mi_dept", "mi_person",
        "reversals", "numbered_persons", "net_settlements", "itemised", "stays",
    ),
    params=(
        Param("day_minutes", 480, "minute", T("每日工作分钟", "Minutes of a working day"), 1, 1440),
        Param("tolerance", Decimal("1.1"), "ratio", T("容许倍数", "Tolerance"), 1, 3),
        Param("eval_days", 30, "day", T("评定间隔天数", "Days between evaluations"), 1, 365),
        Param("set_share", Decimal("0.9"), "ratio", T("同组占比", "Share of the set"), 0, 1),
        Param("set_items", 3, "item", T("同组最少项数", "Fewest items of a set"), 1, 50),
        Param("set_admissions", 20, "stay", T("最少入院数", "Fewest admissions"), 1, 10_000),
    ),
    basis=("reg735-15", "reg735-38"),
    owner="医保局",
    next_review=date(2024, 6, 30),
    tags=("康复治疗异常", "虚假康复"),
    focus=("rehabilitation",),
)  # fmt: skip

__all__ = ["rehabilitation"]
