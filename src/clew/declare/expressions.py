"""Forms that mean the same on every engine; the plain ones differ silently (see the lint test)."""

from __future__ import annotations

from typing import Any, cast

import ibis
import ibis.expr.types as ir

RATIO_SCALE = 10_000


def days_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Whole days from `earlier` to `later`, negative the other way."""
    return cast(ir.IntegerValue, later.delta(earlier, unit="day").cast("int64"))


def minutes_between(later: ir.TimestampValue, earlier: ir.TimestampValue) -> ir.IntegerValue:
    """Full minutes from `earlier` to `later`, rounded towards minus infinity.

    An engine's own minute difference counts minute boundaries on one engine, full minutes on
    another, so this counts seconds since the epoch.
    """
    seconds = later.epoch_seconds().cast("int64") - earlier.epoch_seconds().cast("int64")
    return int_div(seconds, 60)


def months_between(later: ir.DateValue, earlier: ir.DateValue) -> ir.IntegerValue:
    """Calendar months from the month of `earlier` to the month of `later`."""
    return cast(
        ir.IntegerValue,
        (later.year().cast("int64") - earlier.year().cast("int64")) * 12
        + (later.month().cast("int64") - earlier.month().cast("int64")),
    )


def month_end(day: ir.DateValue) -> ir.DateValue:
    """Last day of the month of `day`."""
    first = day.truncate("M")
    return _as_date((first + ibis.interval(months=1)) - ibis.interval(days=1))


def add_days(day: ir.DateValue, days: int | ir.IntegerValue) -> ir.DateValue:
    amount = ibis.interval(days=days) if isinstance(days, int) else days.as_interval("D")
    return _as_date(day + amount)


def _as_date(value: Any) -> ir.DateValue:
    """A date for the engine too: one of them answers a date plus an interval with a timestamp,
    which the expression's own type hides.
    """
    return cast(ir.DateValue, value.cast("timestamp").date())


def int_div(value: ir.IntegerValue, by: int | ir.IntegerValue) -> ir.IntegerValue:
    """Exact integer division, rounded towards minus infinity, for a positive divisor.

    Both may be decimals without places, for what int64 does not hold.
    The plain operator goes through floating point. Here the numerator is first made a multiple of
    the divisor, so the quotient is a whole number and its double is within ± 1/2 of it as long as
    it stays below 2^51.
    """
    rest = value % by
    rest = ibis.ifelse(rest < 0, rest + by, rest)
    multiple: Any = value - rest
    divisor: Any = by
    if multiple.type().is_decimal():
        # Engines divide decimals to digits of their own.
        multiple = multiple.cast("float64")
        divisor = by if isinstance(by, int) else by.cast("float64")
    return cast(ir.IntegerValue, (multiple / divisor).round().cast("int64"))


def apportion(
    value: ir.IntegerValue, part: ir.IntegerValue, whole: ir.IntegerValue
) -> ir.IntegerValue:
    """value × part / whole, rounded half up once. `whole` is positive, or the value stands whole.

    Exact while 2 · value · whole stays below 2^63: a settlement of 20 million yuan in fen is.
    """
    safe = ibis.ifelse(whole > 0, whole, 1)
    exact = int_div(value * part * 2 + safe, safe * 2)
    return cast(ir.IntegerValue, ibis.ifelse(whole > 0, exact, value))


def ratio(numerator: ir.NumericValue, denominator: ir.NumericValue) -> ir.FloatingValue:
    """Division rounded half up to 4 places, as every ratio is before it is compared.

    Half means away from zero; null for a zero denominator. Between integers (numerator below
    4 · 10^14, positive denominator) the rounding is exact: a quotient in double precision can fall
    just short of a half.
    """
    if numerator.type().is_integer() and denominator.type().is_integer():
        whole = denominator.cast("int64").nullif(0)
        above = numerator.cast("int64").abs()
        scaled = int_div(above * (2 * RATIO_SCALE) + whole, whole * 2).cast("float64")
        signed = ibis.ifelse(numerator < 0, -scaled, scaled)
        return cast(ir.FloatingValue, signed / float(RATIO_SCALE))
    quotient = numerator.cast("float64") / denominator.cast("float64").nullif(0.0)
    return cast(ir.FloatingValue, quotient.round(4))


def to_int(value: ir.NumericValue) -> ir.IntegerValue:
    """Nearest integer, half away from zero: casts truncate on one engine, round on another."""
    return cast(ir.IntegerValue, value.cast("float64").round().cast("int64"))


def any_true(*values: ir.BooleanValue) -> ir.BooleanValue:
    """True if one is true; false if none is and one is known; else null.

    An exclusion with several sources is tested when one of them is held.
    """
    met = values[0].fill_null(False)
    known = values[0].notnull()
    for value in values[1:]:
        met = met | value.fill_null(False)
        known = known | value.notnull()
    otherwise = ibis.ifelse(known, False, ibis.null("boolean"))
    return cast(ir.BooleanValue, ibis.ifelse(met, True, otherwise))


def names_agree(a: ir.StringValue, b: ir.StringValue) -> ir.BooleanValue:
    """Whether two comparison forms of names support tier T1.

    The empty text is written for schemes that declare that they carry no names, and agrees with
    everything; a missing name (null) agrees with nothing.
    """
    return cast(ir.BooleanValue, ((a == b) | (a == "") | (b == "")).fill_null(False))
