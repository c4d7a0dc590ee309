"""What a document number says of its holder, as detectors read it."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from clew.detection.engines.duck import _holders

NUMBERS = """(VALUES
    (1, '01', '330324196803128050'), (2, '01', '33032419680312808X'),
    (3, 'passport', '330324196803128050'), (4, '01', '330324196802308050'),
    (5, 'permit', '830000199901018124'), (6, '01', 'E12345678')
) AS dictionary(key, scheme, number)"""


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (1, ("1", date(1968, 3, 12))),
        (2, ("2", date(1968, 3, 12))),
        (3, None),
        (4, ("1", None)),
        (5, ("2", date(1999, 1, 1))),
        (6, None),
    ],
    ids=["man", "woman", "another document", "no such day", "residence permit", "another shape"],
)
def test_sex_and_birth_come_from_the_number(
    person: int, told: tuple[str, date | None] | None
) -> None:
    sql = f"SELECT sex, born FROM ({_holders(NUMBERS)}) WHERE person = {person}"
    assert duckdb.sql(sql).fetchone() == told
