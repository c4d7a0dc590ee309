"""How far two places lie apart."""

from __future__ import annotations

from typing import Any, cast

import ibis.expr.types as ir

EARTH_KM = 6371.0088
"""Mean radius of the earth."""

RADIANS = 0.017453292519943295


def distance_km(lon_a: Any, lat_a: Any, lon_b: Any, lat_b: Any) -> ir.FloatingValue:
    """Great circle distance in km between two points in degrees, rounded to 4 places."""
    x_a, y_a, x_b, y_b = (v.cast("float64") * RADIANS for v in (lon_a, lat_a, lon_b, lat_b))
    north = ((y_b - y_a) * 0.5).sin()
    east = ((x_b - x_a) * 0.5).sin()
    half_chord = north * north + y_a.cos() * y_b.cos() * east * east
    return cast(ir.FloatingValue, (half_chord.sqrt().asin() * (2 * EARTH_KM)).round(4))
