"""Visits that were never made.

Looks for services to persons in custody, abroad or dead, and by devices or doctors that did not
exist that day: one such sign is enough. And for visits on which two softer signs meet: a journey
nobody can make, a burst at one terminal, insured numbers in a row, a burst by night, a day without
any verification, one phone for many who are not related, a doctor busy for longer than a day, tests
that no system has logged.

Why it matters: an invented visit draws on the fund without any treatment, mostly with cards that
somebody collected; the patients learn of it when a limit is used up.

Known gaps: a person whose number is unusable in a police file is not found there; staff and devices
are asked about only at institutions that register some; a phone is compared only where the visit
itself carries it; MI-01's own settings are those it has by default.

To verify by hand: ask for voucher, picture and prescription of each visit; compare the spell in
custody or abroad with the issuing office; see the terminal, its place and who logged in; ask the
patients, one by one, whether they were there.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clew.declare import Detector, Param, T
from clew.packs.medical_insurance.detectors.fictitious_visit.hard import hard
from clew.packs.medical_insurance.detectors.fictitious_visit.soft import soft

fictitious_visit = Detector(
    id="MI-08",
    title=T("虚假就医", "Fictitious visit"),
    version=1,
    doc=(__doc__ or "").strip(),
    rules=(hard, soft),
    optional=(
        "mi_custody", "mi_border", "death_health", "death_police", "death_civil", "court_death",
        "police_person", "mi_device", "mi_staff", "mi_institution", "mi_fee", "mi_catalogue",
        "mi_lab_log", "mi_programme", "kin", "mi_binding", "mi_inpatient", "mi_diagnosis",
        "mi_dept", "mi_person", "tax_wage", "civil_marriage", "reversals", "numbered_persons",
        "net_settlements", "stays", "deaths", "life_evidence",
    ),
    params=(
        Param("speed", 120, "km/h", T("速度上限", "Fastest journey"), 30, 1000),
        Param("far_km", 10, "km", T("最短距离", "Shortest distance compared"), 0, 1000),
        Param("terminal_n", 8, "settlement", T("终端笔数", "Settlements at a terminal"), 2),
        Param("terminal_min", 5, "minute", T("终端分钟", "Minutes from the first"), 1, 120),
        Param("run_n", 5, "person", T("连号人数", "Insured numbers in a row"), 2),
        Param("night_n", 10, "visit", T("夜间人次", "Visits of a night"), 2),
        Param("none_n", 10, "settlement", T("无核验笔数", "Settlements of the day"), 2),
        Param("phone_n", 5, "person", T("同电话人数", "Persons with one phone"), 2),
        Param("phone_days", 90, "day", T("同电话天数", "Days in which these lie"), 1, 3660),
        Param("doctor_min", 960, "minute", T("医师日工时", "Minutes of a doctor's day"), 1, 1440),
        Param("log_share", Decimal("0.8"), "ratio", T("无日志占比", "Share not logged"), 0, 1),
        Param("log_n", 10, "test", T("检查检验数", "Tests of the day"), 1),
    ),
    basis=("reg735-40", "crl-266", "npc2014-266"),
    owner="医保局",
    scored=True,
    next_review=date(2024, 6, 30),
    tags=("虚假就医", "虚构医药服务", "空刷套刷"),
)  # fmt: skip

__all__ = ["fictitious_visit"]
