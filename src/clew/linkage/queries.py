"""Links between datasets, and the conflicts (T1c) that a person must settle.

T1 and T1c follow from the rows alone, so they are computed, never stored. Links of tier T2
are stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clew.datasets.lake.engine import files_sql
from clew.datasets.lake.layout import ROW_BITS, SHEET_ROW
from clew.datasets.models import Batch, LakeFile
from clew.datasets.queries import paths
from clew.kernel.errors import NotFound
from clew.kernel.workspace import Workspace
from clew.linkage.mentions import mentioned, repaired
from clew.linkage.models import Link

TWO_NAMES, TWO_DOCUMENTS = "two names", "two documents"


@dataclass(frozen=True, slots=True)
class Linked:
    """How many persons two datasets share: with names that agree (T1) or that do not (T1c), or
    only through a repaired number on one side (T2).
    """

    a: str
    b: str
    agreeing: int
    conflicting: int
    repaired: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A person under one name in one dataset: `rows` rows; `example` is one of them, BATCH:ROW."""

    dataset: str
    person: int
    name: str
    name_key: str
    rows: int
    example: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Mentions that cannot all be right: two names under one document, or two documents of one
    name and birth date.
    """

    kind: str
    mentions: tuple[Mention, ...]


def links() -> list[Linked]:
    """Every pair of datasets that share a person, in name order.

    A former name agrees with the present one, an empty one (a scheme without names) with any.
    """
    with mentioned() as con:
        repaired(con, _standing_persons())
        rows = con.execute(
            """
            WITH known AS (
                SELECT dataset, person, name_key, false AS repaired,
                       name_key = '' OR (person, name_key) IN (
                           SELECT (person, name_key) FROM former
                       ) AS any_name
                FROM mentions
                UNION ALL SELECT dataset, person, NULL, true, true FROM repaired
            ), pairs AS (
                SELECT a.dataset AS a, b.dataset AS b, person,
                       bool_or(NOT a.repaired AND NOT b.repaired) AS direct,
                       bool_or(a.name_key = b.name_key OR a.any_name OR b.any_name)
                           FILTER (WHERE NOT a.repaired AND NOT b.repaired) AS agree
                FROM known AS a JOIN known AS b USING (person)
                WHERE a.dataset < b.dataset GROUP BY ALL
            )
            SELECT a, b, count(*) FILTER (WHERE agree), count(*) FILTER (WHERE NOT agree),
                   count(*) FILTER (WHERE NOT direct)
            FROM pairs GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
    return [Linked(a, b, *(int(n) for n in counts)) for a, b, *counts in rows]


def conflicts(limit: int = 200) -> list[Conflict]:
    """Up to `limit` conflicts of each kind, two names first; each mention with an example row.

    A former name in the household register is the same person's and makes no conflict.
    """
    workspace = Workspace.current()
    dictionary = paths(workspace, None, LakeFile.IDENTITIES)
    with mentioned() as con:
        named = con.execute(
            """
            WITH named AS (
                SELECT * FROM mentions WHERE name_key <> ''
                AND (person, name_key) NOT IN (SELECT (person, name_key) FROM former)
            ), disputed AS (
                SELECT person FROM named GROUP BY person HAVING count(DISTINCT name_key) > 1
                ORDER BY person LIMIT ?
            )
            SELECT person, dataset, person, name, name_key, rows, row_id FROM named
            WHERE person IN (FROM disputed) ORDER BY person, name_key, dataset
            """,
            [limit],
        ).fetchall()
        doubled = con.execute(
            f"""
            WITH born AS (
                SELECT key AS person, substr(number, 7, 8) AS birth FROM {files_sql(dictionary)}
                WHERE length(number) = 18 AND scheme IN ('01', 'permit', 'foreign')
            ), named AS (
                SELECT mentions.*, birth FROM mentions JOIN born USING (person)
                WHERE name_key <> ''
            ), disputed AS (
                SELECT name_key, birth FROM named GROUP BY ALL HAVING count(DISTINCT person) > 1
                ORDER BY ALL LIMIT ?
            )
            SELECT name_key || birth, dataset, person, name, name_key, rows, row_id
            FROM named SEMI JOIN disputed USING (name_key, birth)
            ORDER BY name_key, birth, person, dataset
            """,
            [limit],
        ).fetchall() if dictionary else []  # fmt: skip
    return _grouped(TWO_NAMES, named) + _grouped(TWO_DOCUMENTS, doubled)


def _grouped(kind: str, rows: Sequence[Sequence[object]]) -> list[Conflict]:
    """Rows of one conflict share their first cell and stand together."""
    places = row_places([int(str(row[6])) for row in rows])
    found: dict[object, list[Mention]] = {}
    for group, dataset, person, called, key, count, row_id in rows:
        mention = Mention(
            str(dataset), int(str(person)), str(called), str(key), int(str(count)),
            places[int(str(row_id))],
        )  # fmt: skip
        found.setdefault(group, []).append(mention)
    return [Conflict(kind, tuple(mentions)) for mentions in found.values()]


def link(code: str) -> Link:
    """A stored link by its id, or by the beginning of it.

    Raises:
        NotFound: none, or several begin so.
    """
    found = list(Link.objects.filter(code__startswith=code)[:2]) if code else []
    if len(found) != 1:
        raise NotFound(f"没有关联 {code} (no such link)", next_step="clew link --repaired")
    return found[0]


def repaired_links(limit: int | None = None) -> list[Link]:
    """Links of tier T2, undecided ones first, in order of rows."""
    found = Link.objects.filter(tier=Link.T2).order_by("verdict", "row_id", "column")
    ordered = sorted(found, key=lambda x: x.verdict is not None)
    return ordered[:limit]


def standing() -> list[Link]:
    """Stored links that nobody has overruled, in order of rows."""
    return [x for x in Link.objects.order_by("row_id", "column") if x.verdict != Link.NOT_SAME]


def _standing_persons() -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for each in standing():
        found.setdefault(each.dataset, set()).add(each.person)
    return found


def row_places(row_ids: Sequence[int]) -> dict[int, str]:
    """Rows as BATCH:ROW, the form in which `clew trace` takes them."""
    batches = Batch.objects.in_bulk({row_id >> ROW_BITS for row_id in row_ids})
    return {
        row_id: f"{batches[row_id >> ROW_BITS].code}:{row_id & SHEET_ROW}"
        for row_id in row_ids
    }
