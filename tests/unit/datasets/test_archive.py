"""A ZIP of deliveries: each file in it stands for itself, and none leaves its place."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from clew.accounts.models import Account
from clew.audit.models import Entry
from clew.datasets import places, queries
from clew.datasets.ingest import archive, parts, zipsize
from clew.datasets.ingest.deliver import Receipt, Request, confirm, deliver
from clew.datasets.models import Batch
from clew.kernel.workspace import Workspace
from tests.unit.datasets.conftest import SETTLEMENT, csv_text, live_rows, settlement
from tests.unit.datasets.test_workbook import book, bytes_flipped, cut

FILES = 100
DEATH = "死亡证明编号,身份证号,姓名,死亡时间\nC1,330324196803128050,张三,2023-03-01\n"
CSV = csv_text([settlement(n) for n in range(3)]).encode("gb18030")


def packed(*files: tuple[str, bytes | str], gbk: bool = False) -> bytes:
    """An archive; with `gbk` names are written as Chinese programs write them, unmarked."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            entry = zipfile.ZipInfo(_Unmarked(name) if gbk else name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if gbk:
                entry.filename = _Unmarked(name)
            made.writestr(entry, content)
    return target.getvalue()


class _Unmarked(str):
    """A name that encodes itself as GBK where ZIP asks for ASCII first."""

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return super().encode("gb18030")


SendZip = Callable[..., list[Receipt]]


@pytest.fixture
def send_zip(clerk: Account, tmp_path: Path) -> SendZip:
    def sender(content: bytes, name: str = "医保局.zip", **request: object) -> list[Receipt]:
        path = tmp_path / name
        path.write_bytes(content)
        receipts = deliver(Request(path, **request), by=clerk)
        for receipt in receipts:
            assert receipt.rows == receipt.accepted + receipt.quarantined + receipt.duplicates
        return receipts

    return sender


@pytest.mark.parametrize("gbk", [False, True], ids=["utf-8", "gbk"])
def test_each_file_is_a_delivery(gbk: bool, send_zip: SendZip) -> None:
    workbook = book(一月=[SETTLEMENT, settlement("x1")], 二月=[SETTLEMENT, settlement("x2")])
    receipts = send_zip(
        packed(
            ("2023年/结算信息.csv", CSV),
            ("死亡医学证明.csv", DEATH),
            ("表.xlsx", workbook),
            gbk=gbk,
        )
    )
    assert [(r.file, r.dataset, r.status, r.accepted) for r in receipts] == [
        ("医保局.zip/2023年/结算信息.csv", "mi_settlement", "published", 3),
        ("医保局.zip/死亡医学证明.csv", "death_health", "published", 1),
        ("医保局.zip/表.xlsx[一月]", "mi_settlement", "published", 1),
        ("医保局.zip/表.xlsx[二月]", "mi_settlement", "published", 1),
    ]
    assert queries.batch(receipts[0].batch).department.name_zh == "医保局"
    assert places.rows_by_key("S1")[0].file == "医保局.zip/2023年/结算信息.csv"


def test_a_file_is_the_same_inside_and_outside(
    send_zip: SendZip, clerk: Account, tmp_path: Path
) -> None:
    (inside,) = send_zip(packed(("a/结算信息.csv", CSV)))
    path = tmp_path / "医保局结算信息.csv"
    path.write_bytes(CSV)
    (outside,) = deliver(Request(path), by=clerk)
    assert (outside.status, outside.batch) == ("duplicate", inside.batch)
    (again,) = send_zip(packed(("b/另存.csv", CSV)), "又一次.zip", dataset="mi_settlement")
    assert (again.status, again.batch) == ("duplicate", inside.batch)


def test_an_unreadable_file_does_not_stop_the_others(send_zip: SendZip) -> None:
    inner = packed(("c.csv", CSV))
    receipts = send_zip(
        packed(
            ("空.csv", b""), ("内.zip", inner), ("图.jpg", b"\xff\xd8\xff" + bytes(range(256))),
            ("坏.xlsx", book(A=[SETTLEMENT])[:300]), ("结算信息.csv", CSV),
            ("死亡医学证明.csv", DEATH),
        )
    )  # fmt: skip
    assert [r.status for r in receipts] == ["refused"] * 4 + ["published"] * 2
    assert "空文件" in receipts[0].cause
    assert "压缩包中的压缩包" in receipts[1].cause
    assert all(r.cause and r.next_step for r in receipts[:4])
    assert len({r.batch for r in receipts}) == 6
    assert Entry.objects.filter(verb="datasets.refuse").count() == 4


def test_what_systems_leave_is_no_delivery(send_zip: SendZip) -> None:
    junk = ("__MACOSX/._结算信息.csv", ".DS_Store", "a/Thumbs.db", "~$结算信息.xlsx", "夹/")
    receipts = send_zip(
        packed(*((name, b"x" if name[-1] != "/" else b"") for name in junk), ("结算信息.csv", CSV))
    )
    assert [r.status for r in receipts] == ["published"]


@pytest.mark.parametrize("files", [(), ((".DS_Store", b"x"),)])
def test_an_empty_archive_is_refused(
    files: tuple[tuple[str, bytes], ...], send_zip: SendZip
) -> None:
    (receipt,) = send_zip(packed(*files))
    assert (receipt.status, "没有文件" in receipt.cause) == ("refused", True)


EVIL = (
    "../../结算信息.csv",
    "/etc/结算信息.csv",
    "..\\..\\结算信息.csv",
    "a/../../../结算信息.csv",
    "..",
    "x/.",
)


def test_no_name_leads_out(
    send_zip: SendZip, workspace: Workspace, clerk: Account, tmp_path: Path
) -> None:
    def files(folder: Path) -> set[Path]:
        return {p for p in folder.rglob("*") if "staging" not in p.parts and "lake" not in p.parts}

    before = files(workspace.home.parent)
    content = csv_text([settlement(n) for n in range(3)])
    for number, name in enumerate(EVIL):
        broken_off = content.replace("S", f"S{number}-")[:-20]
        (held,) = send_zip(packed((name, broken_off)), "a.zip", dataset="mi_settlement")
        assert held.status == "held", held
        assert ".." not in held.file and held.file.startswith("a.zip/")
        # Its kept file gets its name back in staging, and nowhere else.
        (published,) = confirm(queries.batch(held.batch), by=clerk)
        assert (published.status, published.file) == ("published", held.file)
    assert files(workspace.home.parent) - before <= {tmp_path / "a.zip"} | set(
        files(workspace.home)
    )
    assert not list(Path("/etc").glob("结算信息*"))


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a/b.csv", "a/b.csv"), ("../a.csv", "a.csv"), ("C:\\x\\a.csv", "C:/x/a.csv"),
        ("..", "未命名"),
        ("a\x07b\u202ecsv.csv", "abcsv.csv"), (" / . /a.csv", "a.csv"),
    ],
)  # fmt: skip
def test_names_are_cleaned(raw: str, name: str) -> None:
    entry = zipfile.ZipInfo(raw)
    entry.orig_filename, entry.flag_bits = raw, 0x800
    assert archive.member_name(entry) == name


@pytest.mark.parametrize(
    "name", ["a.csv", "..", "a/..", "", "x" * 500 + ".csv", "文" * 300, "a/.csv", "\0"]
)
def test_a_name_in_staging_is_short_and_in_its_place(name: str, tmp_path: Path) -> None:
    made = tmp_path / parts.base(name)
    assert made.parent == tmp_path and made.name not in ("", ".", "..")
    made.write_text("x")


def test_long_names_fit_the_register(send_zip: SendZip) -> None:
    (receipt,) = send_zip(packed(("/".join(["很长的文件夹" * 8] * 8) + "/结算信息.csv", CSV)))
    assert receipt.status == "published"
    assert len(receipt.file) == 255 and receipt.file.endswith("/结算信息.csv")


# Harm


def test_bombs_are_refused_whole(send_zip: SendZip, monkeypatch: pytest.MonkeyPatch) -> None:
    (receipt,) = send_zip(packed(("a.csv", b"0" * (80 << 20))))
    assert "解压后过大" in receipt.cause
    monkeypatch.setattr(archive, "UNPACKED", 1000)
    (receipt,) = send_zip(packed(("a.csv", CSV * 10)))
    assert "解压后过大" in receipt.cause
    monkeypatch.setattr(zipsize, "MOST_ENTRIES", 3)
    (receipt,) = send_zip(packed(*((f"{n}.csv", b"x") for n in range(4))))
    assert "4 个条目" in receipt.cause
    assert live_rows("mi_settlement") == []


def test_a_member_with_a_password_is_refused(send_zip: SendZip) -> None:
    content = bytearray(packed(("a.csv", CSV), ("结算信息.csv", CSV)))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    first, second = send_zip(bytes(content))
    assert ("密码" in first.next_step, second.status) == (True, "published")


def test_a_member_that_fails_its_check_is_refused(send_zip: SendZip) -> None:
    content = bytearray(packed(("a.csv", CSV), ("结算信息.csv", CSV)))
    at = content.index(b"PK\x01\x02") + 16
    content[at] ^= 0xFF
    first, second = send_zip(bytes(content))
    assert (first.status, second.status) == ("refused", "published")


def entry_flipped(content: bytes, chance: random.Random) -> bytes:
    """Damage where directories are: names, sizes, places."""
    mutated = bytearray(content)
    start = content.index(b"PK\x01\x02")
    for _ in range(chance.randint(1, 4)):
        mutated[chance.randrange(start, len(mutated))] = chance.randrange(256)
    return bytes(mutated)


def test_no_damage_is_more_than_a_refusal(clerk: Account, tmp_path: Path) -> None:
    good = packed(("结算信息.csv", CSV), ("甲/死亡医学证明.csv", DEATH), gbk=True)
    seen: dict[str, int] = {}
    for number in range(FILES):
        chance = random.Random(number)
        path = tmp_path / f"a{number}.zip"
        path.write_bytes(chance.choice([bytes_flipped, cut, entry_flipped])(good, chance))
        receipts = deliver(Request(path), by=clerk)
        assert receipts
        for receipt in receipts:
            seen[receipt.status] = seen.get(receipt.status, 0) + 1
            assert receipt.rows == receipt.accepted + receipt.quarantined + receipt.duplicates
            if receipt.status in (Batch.REFUSED, Batch.HELD):
                assert receipt.cause and receipt.next_step
    assert seen[Batch.REFUSED] > 30
    assert seen[Batch.PUBLISHED] + seen[Batch.DUPLICATE] > 10
