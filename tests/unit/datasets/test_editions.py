"""D12: division codes of an old edition are read as the code that held on the row's own day."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.datasets import queries
from clew.datasets.ingest import editions
from clew.datasets.lake.engine import connect, files_sql, quote
from clew.datasets.models import LakeFile
from clew.declare import registry
from clew.kernel.divisions import current_division, successions
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import GOOD_ID, Send, csv_text, live_rows

PERSONS = ("人员编号", "身份证号", "姓名", "户籍区划", "居住村社区代码")


def test_every_column_of_a_division_stands_in_a_register() -> None:
    """Their rows describe the day of the delivery; a dataset with a main date goes by it."""
    found = {
        dataset.name
        for dataset in registry.datasets().values()
        for column in dataset.columns.values()
        if column.type.name == "Division" and dataset.main_date
    }
    assert found == set()


@pytest.mark.django_db
def test_old_codes_become_the_present_ones_and_the_original_is_kept(send: Send) -> None:
    rows = [
        ("N1", GOOD_ID, "张三", "330323", "330323101203"),
        ("N2", "", "李四", "330382", "330327101203"),
        ("N3", "", "王五", " 330322", "330325001001"),
    ]
    receipt = send(csv_text(rows, PERSONS), "参保人员.csv")
    assert receipt.repaired["D12"] == 4
    assert live_rows("mi_person", "psn_no, hukou_div, resd_village") == [
        ("N1", "330382", "330382101203"), ("N2", "330382", "330327101203"),
        ("N3", "330305", "330381001001"),
    ]  # fmt: skip
    workspace = Workspace.current()
    noted = files_sql(queries.paths(workspace, "mi_person", LakeFile.REPAIRS))
    with connect(workspace) as con:
        kept = con.execute(
            f"SELECT column_name, original, normal FROM {noted} WHERE code = 'D12' "
            "ORDER BY row_id, column_name"
        ).fetchall()
    assert kept == [
        ("hukou_div", "330323", "330382"), ("resd_village", "330323101203", "330382101203"),
        ("hukou_div", "330322", "330305"), ("resd_village", "330325001001", "330381001001"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_the_same_rows_sent_again_are_duplicates(send: Send) -> None:
    row = ("N1", GOOD_ID, "张三", "330323", "")
    send(csv_text([row], PERSONS), "参保人员.csv")
    again = send(csv_text([(*row[:3], "330382", "")], PERSONS), "参保人员_二.csv")
    assert (again.accepted, again.duplicates) == (0, 1)


CODES = (*successions(), "330327", "330302", "339017101203", "乐清", "")


@given(st.sampled_from(CODES), st.dates(date(1980, 1, 1), date(2023, 10, 31)))
def test_the_engine_and_the_kernel_agree(code: str, day: date) -> None:
    sql = editions.current(quote(code), f"DATE '{day}'")
    row = duckdb.sql(f"SELECT {sql}").fetchone()
    assert row == (current_division(code, day),)


def test_a_code_goes_by_the_day_of_its_change() -> None:
    steps = dict(successions())["330323"]
    assert steps == [(date(1995, 1, 1), "330382"), (date(1993, 9, 18), "339017")]
    for day, now in ((date(1993, 9, 17), "330323"), (date(1993, 9, 18), "339017"),
                     (date(1995, 1, 1), "330382")):  # fmt: skip
        row = duckdb.sql(f"SELECT {editions.current(quote('330323'), quote(str(day)))}").fetchone()
        assert row == (now,)
