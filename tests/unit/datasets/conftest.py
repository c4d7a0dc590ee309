"""A workspace with its departments, and files to deliver into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account
from clew.datasets import queries
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.datasets.lake.engine import connect, files_sql
from clew.datasets.models import LakeFile
from clew.declare import registry
from clew.kernel.workspace import Workspace

SETTLEMENT = (
    "结算流水号", "就诊ID", "身份证号", "姓名", "定点医药机构编号", "医疗类别", "开始时间",
    "结算时间", "总费用", "基金支付", "个人账户支出", "上传时间",
)  # fmt: skip
GOOD_ID = "330324196803128050"


def settlement(number: int | str, **cells: str) -> list[str]:
    """Cells of a clean settlement row; keywords replace cells by their header."""
    row = dict(
        zip(
            SETTLEMENT,
            (f"S{number}", f"M{number}", GOOD_ID, "张三", "H33030200001", "11",
             "2023-02-09 10:00:00", "2023-02-09 11:00:00", "100.00", "50", "5", ""),
            strict=True,
        )
    )  # fmt: skip
    return list((row | cells).values())


def csv_text(rows: Iterable[Sequence[str]], headers: Sequence[str] = SETTLEMENT) -> str:
    def cell(text: str) -> str:
        quoted = any(sign in text for sign in ',"\n\r')
        return '"' + text.replace('"', '""') + '"' if quoted else text

    return "".join(",".join(map(cell, row)) + "\n" for row in (headers, *rows))


@pytest.fixture
def clerk(db: None, workspace: Workspace) -> Account:
    """The account that delivers, in a workspace with the departments of every pack."""
    account = accounts.bootstrap(os_user="clerk")
    for pack in registry.packs().values():
        for owner in pack.owners:
            accounts.create_department(
                by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
            )
    return account


Send = Callable[..., Receipt]


@pytest.fixture
def send(clerk: Account, tmp_path: Path) -> Send:
    """Writes a file and delivers it: text or bytes, a name, fields of the request."""

    def sender(content: str | bytes, name: str = "结算信息.csv", **request: object) -> Receipt:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (receipt,) = deliver(Request(path, **request), by=clerk)  # type: ignore[arg-type]
        assert receipt.rows == receipt.accepted + receipt.quarantined + receipt.duplicates
        return receipt

    return sender


def live_rows(dataset: str, columns: str = "*") -> list[tuple[object, ...]]:
    """Rows that readers see, by row id."""
    workspace = Workspace.current()
    files = queries.paths(workspace, dataset, LakeFile.ROWS)
    dead = queries.paths(workspace, dataset, LakeFile.TOMBSTONES)
    if not files:
        return []
    sql = f"SELECT {columns} FROM {files_sql(files)}"
    if dead:
        sql += f" WHERE row_id NOT IN (SELECT row_id FROM {files_sql(dead)})"
    with connect(workspace) as con:
        return con.execute(sql + " ORDER BY row_id").fetchall()
