"""How far a value lies from those of its peers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from clew.declare import ratio

MIN_PEERS = 5
Z_LIMIT = 99.0


def wide(value: Any) -> Any:
    """A whole number with room for sums of squares and products of amounts."""
    return value.cast("decimal(38, 0)")


def z_of(distance: Any, spread: Any) -> ir.FloatingValue:
    """distance / √spread to 4 places; where the peers are all alike 0 at their mean, else ±99."""
    limit = int(Z_LIMIT)
    level: Any = ibis.cases((distance == 0, 0), (distance > 0, limit), else_=-limit)
    # Not from 99.0: one engine reads that as a decimal, and so every z beside it.
    level = level.cast("float64")
    z = ibis.ifelse(spread > 0, ratio(distance, spread.cast("float64").sqrt()), level)
    return cast(ir.FloatingValue, z)


def z_scores(
    t: ir.Table,
    *,
    group: Sequence[str],
    value: str,
    against: str = "",
    name: str = "z",
    min_peers: int = MIN_PEERS,
) -> ir.Table:
    """Adds `name`: (value − mean) / sd over the other rows of `group`, rounded to 4 places.

    One row is one subject and `value` a whole number. `against` is the column of the peers' values
    where it is another one; null there is no peer. Null where fewer than `min_peers` are left; with
    sd 0 it is 0 at the mean, else ±99.
    """
    x, y = wide(t[value]), wide(t[against or value])
    window = ibis.window(group_by=list(group))
    own, known = y.fill_null(0), ibis.ifelse(y.notnull(), 1, 0)
    # The subject is left out of its own peers.
    n = wide(y.count().over(window)) - wide(known)
    s = wide(y.sum().over(window).fill_null(0)) - own
    q = wide((y * y).sum().over(window).fill_null(0)) - own * own
    parts = t.mutate(z_distance=n * x - s, z_spread=n * q - s * s, z_peers=n)
    distance, spread = parts.z_distance, parts.z_spread
    z = z_of(distance, spread)
    known_z = (parts.z_peers >= min_peers) & distance.notnull()
    return parts.mutate(**{name: ibis.ifelse(known_z, z, ibis.null("float64"))}).drop(
        "z_distance", "z_spread", "z_peers"
    )
