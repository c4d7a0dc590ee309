"""Alarms of a delivery: too late, too many or too few rows. They tell and never block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clew.datasets.models import Batch
from clew.declare import Dataset, T
from clew.kernel import clock
from clew.kernel.workspace import Workspace

LATE, VOLUME = "late", "volume"


Alarm = dict[str, int | str]


def alarms(contract: type[Dataset], batch: Batch) -> list[Alarm]:
    """`what`, the `value` met and the `low` and `high` that the contract allows, in days or rows.

    A delivery is late by the days between its last fact and its arrival.
    """
    found: list[Alarm] = []
    if contract.fresh_days is not None and batch.period_end is not None:
        days = (batch.received_at.date() - batch.period_end).days
        if days > contract.fresh_days:
            found.append({"what": LATE, "value": days, "low": 0, "high": contract.fresh_days})
    if odd := volume(contract, batch.rows, int(Workspace.current().config.get("scale", 1))):
        found.append(odd)
    return found


def volume(contract: type[Dataset], rows: int, scale: int = 1) -> Alarm | None:
    """Too few or too many rows, if they are.

    In a sample 1:`scale` the lower bound shrinks with it; the upper one stays, since a sample holds
    more of what it shows than its share.
    """
    if contract.volume is None:
        return None
    low, high = contract.volume[0] // scale, contract.volume[1]
    if low <= rows <= high:
        return None
    return {"what": VOLUME, "value": rows, "low": low, "high": high}


def told(alarm: Alarm) -> T:
    """An alarm in words."""
    value, low, high = alarm["value"], alarm["low"], alarm["high"]
    if alarm["what"] == LATE:
        return T(
            f"数据截至 {value} 天前, 应在 {high} 天内",
            f"the last facts are {value} days old, expected within {high}",
        )
    return T(
        f"{value} 行, 通常为 {low} 至 {high} 行", f"{value} rows, usually between {low} and {high}"
    )


@dataclass(frozen=True, slots=True)
class Lamp:
    """How fresh a dataset is: `late` counts days beyond the limit; none where nothing is asked."""

    last_day: date | None
    late: int | None

    @property
    def text(self) -> T:
        if self.last_day is None or self.late is None:
            return T("", "")
        if self.late <= 0:
            return T("及时", "in time")
        return T(f"逾期 {self.late} 天", f"{self.late} days overdue")


def lamp(contract: type[Dataset], last_day: date | None) -> Lamp:
    """`last_day`: of the facts that the live view holds."""
    if contract.fresh_days is None or last_day is None:
        return Lamp(last_day, None)
    return Lamp(last_day, max(0, (clock.today() - last_day).days - contract.fresh_days))
