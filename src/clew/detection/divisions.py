"""Where a clue lies, for the posts that reach it: the division of what its rows are about.

The first of these that tells: the institution of the subject or of the flagged rows; one of the
rows beside them; the organisation code of the subject or of the flagged rows, whose registration
authority lies in a county; the file of the person. Several counties make their city or province,
so that a ring across counties is the city's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clew.datasets import content
from clew.datasets.lake.engine import connect, name
from clew.datasets.queries import live_sql
from clew.declare import Pack
from clew.declare.types import Division, InstitutionCode, OrgCode
from clew.kernel import clock
from clew.kernel.divisions import current_division, is_known, smallest_holding
from clew.kernel.registrations import institution_code, uscc
from clew.kernel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Sighted:
    """What a sighting says: the subject as in `models.Clue`, what its flagged rows show, and the
    row ids of those and of the others.
    """

    kind: str
    subject: str
    shown: tuple[str, ...]
    flagged: tuple[int, ...]
    beside: tuple[int, ...]


def divisions(pack: Pack, facts: Sequence[Sighted]) -> list[str]:
    """Six digits each, in the order of the facts; empty where nothing tells."""
    found = [_county([f.subject, *f.shown]) for f in facts]
    open_ = [i for i, division in enumerate(found) if not division]
    rows = {row for i in open_ for row in (*facts[i].flagged, *facts[i].beside)}
    cells = content.cells(rows, InstitutionCode, OrgCode) if rows else {}
    persons = _person_files(pack, {f.subject for f in facts if f.kind == "person"} if open_ else ())
    for i in open_:
        fact = facts[i]
        flagged = list(_texts(cells, fact.flagged))
        tries = (
            _county(flagged),
            _county(_texts(cells, fact.beside)),
            _authority([fact.subject]),
            _authority(flagged),
            persons.get(fact.subject, ""),
        )
        found[i] = next(filter(None, tries), "")
    return found


def shown(values: Iterable[Any]) -> Iterator[str]:
    """The texts among what rows show, lists opened."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from shown(value)


def _county(texts: Iterable[str]) -> str:
    """Of the designated institutions among these texts."""
    read = (institution_code(text) for text in texts if text[:1] in ("H", "P"))
    return _smallest(c.normal[1:7] for c in read if c.ok and c.normal)


def _authority(texts: Iterable[str]) -> str:
    """Of the credit codes among these texts: where the organisation was registered."""
    read = (uscc(text) for text in texts if len(text) == 18)
    return _smallest(c.normal[2:8] for c in read if c.ok and c.normal)


def _smallest(codes: Iterable[str]) -> str:
    today = clock.today()
    return smallest_holding(current_division(code, today) for code in codes if is_known(code))


def _texts(cells: Mapping[int, Mapping[str, Any]], rows: Iterable[int]) -> Iterator[str]:
    return shown(value for row in rows for value in cells.get(row, {}).values())


def _person_files(pack: Pack, keys: Iterable[str]) -> dict[str, str]:
    """Person key → division in the first live file of the pack that has one for the person."""
    wanted = sorted(int(key) for key in keys)
    found: dict[str, str] = {}
    workspace = Workspace.current()
    with connect(workspace) as con:
        for contract in pack.datasets if wanted else ():
            places = [c.name for c in contract.columns.values() if isinstance(c.type, Division)]
            rows = live_sql(workspace, contract.name) if places else ""
            for person in contract.person_columns() if rows else ():
                told = con.execute(
                    f"SELECT {name(person.name)}, min(left(coalesce("
                    f"{', '.join(map(name, places))}), 6)) FROM {rows} "
                    f"WHERE {name(person.name)} IN (SELECT unnest(?)) GROUP BY 1",
                    [wanted],
                ).fetchall()
                for key, division in told:
                    if division and (where := _smallest([division])):
                        found.setdefault(str(key), where)
    return found
