"""Devices and doctors that were not there on the day (MI-08 a)."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from clew.declare import Relations
from clew.packs.medical_insurance.derived.terms import stage, valid_on

KEY = ("setl_id", "med_list_codg", "fee_date")


def lines_without_device(r: Relations, visits: ir.Table) -> ir.Table:
    """Lines by a device that no row of the register holds on their day, at institutions that
    register devices.
    """
    f = r["mi_fee"]
    f = f.filter(f.device_no.notnull()).select(
        "setl_id", "med_list_codg", "device_no", fee_date=f.fee_ocur_time.date()
    )
    places = visits.select(visit_id="setl_id", place="fixmedins_code")
    f = f.join(places, f.setl_id == places.visit_id)
    d = r["mi_device"].select("fixmedins_code", "start_date", "end_date", number="device_no")
    f = stage(f.semi_join(d.select(place="fixmedins_code").distinct(), "place"), "device_lines")
    f = f.anti_join(
        d,
        [
            f.place == d.fixmedins_code,
            f.device_no == d.number,
            valid_on(f.fee_date, d.start_date, d.end_date),
        ],
    )
    return f.select(*KEY)


def services_without_doctor(r: Relations, visits: ir.Table) -> ir.Table:
    """Lines ordered, and visits attended, by a doctor whom no row of the register holds on their
    day; no code stands for all lines of the day. Whoever carries out an item may be no doctor and
    is not asked about. An institution is covered if the register knows somebody it bills.
    """
    f = r["mi_fee"]
    f = f.filter(f.bilg_dr_codg.notnull()).select(
        "med_list_codg", bill="setl_id", doctor="bilg_dr_codg", fee_date=f.fee_ocur_time.date()
    )
    places = visits.select("setl_id", place="fixmedins_code")
    ordered = f.join(places, f.bill == places.setl_id).drop("bill")
    v = visits.filter(visits.atddr_no.notnull())
    attended = v.select(
        "setl_id",
        med_list_codg=ibis.null("string"),
        doctor=v.atddr_no,
        fee_date=v.service_date,
        place=v.fixmedins_code,
    )
    named = ordered.select(*attended.columns).union(attended)
    s = r["mi_staff"].select("staff_codg", "licence_from", "licence_to")
    known = s.select(doctor="staff_codg").distinct()
    named = stage(named, "named_doctors")
    covered = named.semi_join(known, "doctor").select("place").distinct()
    t = stage(named.semi_join(covered, "place"), "covered_doctors")
    begun: Any = s.licence_from.isnull() | (s.licence_from <= t.fee_date)
    open_: Any = s.licence_to.isnull() | (s.licence_to >= t.fee_date)
    return t.anti_join(s, [t.doctor == s.staff_codg, begun, open_]).select(*KEY)
