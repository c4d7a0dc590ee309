"""A good file damaged in many ways: an answer every time, and counts that add up."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clew.accounts.models import Account
from clew.datasets import places, queries
from clew.datasets.ingest.deliver import Request, deliver
from clew.datasets.models import Batch
from clew.kernel.errors import ClewError
from tests.unit.datasets.conftest import SETTLEMENT, csv_text, live_rows, settlement

FILES = 200
Mutation = Callable[[bytes, random.Random], bytes]


def flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def cut_out(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, 40) :]


def insert_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    odd = [b"", b",,,", b'"', b"x", b",".join([b"a"] * 40), b"\0", "合计,,\t".encode(), b"\xff"]
    for _ in range(chance.randint(1, 5)):
        lines.insert(chance.randrange(len(lines)), chance.choice(odd))
    return b"\n".join(lines)


def swap_delimiters(content: bytes, chance: random.Random) -> bytes:
    old, new = chance.choice(
        [(b",", b";"), (b",", b"\t"), (b",", b"|"), (b"\n", b"\r"), (b'"', b"'")]
    )
    if chance.random() < 0.5:
        return content.replace(old, new)
    half = len(content) // 2
    return content[:half] + content[half:].replace(old, new)


def shuffle_cells(content: bytes, chance: random.Random) -> bytes:
    lines = content.split(b"\n")
    if len(lines) < 2:
        return content
    place = chance.randrange(1, len(lines))
    cells = lines[place].split(b",")
    chance.shuffle(cells)
    lines[place] = b",".join(cells)
    return b"\n".join(lines)


MUTATIONS: tuple[Mutation, ...] = (
    flip, cut, cut_out, insert_lines, swap_delimiters, shuffle_cells,
)  # fmt: skip


def good(number: int, encoding: str) -> bytes:
    rows = [
        settlement(
            f"{number}-{n}",
            身份证号=["330324196803128050", "无", "3.3E+17", "330324680312805"][n % 4],
            姓名=["张三", "李 四", '王"五"', "赵,六"][n % 4],
            总费用=["100.00", "1,200.50", "壹佰元整", "￥3"][n % 4],
        )
        for n in range(12)
    ]
    return csv_text(rows).encode(encoding)


def test_no_damage_is_more_than_a_refusal(clerk: Account, tmp_path: Path) -> None:
    seen: dict[str, int] = {}
    for number in range(FILES):
        chance = random.Random(number)
        content = good(number, chance.choice(["utf-8", "utf-8", "gb18030", "utf-8-sig", "utf-16"]))
        for _ in range(chance.randint(1, 2)):
            content = chance.choice(MUTATIONS)(content or b"x", chance)
        path = tmp_path / f"结算信息{number}.csv"
        path.write_bytes(content)
        for receipt in deliver(Request(path), by=clerk):
            seen[receipt.status] = seen.get(receipt.status, 0) + 1
            assert receipt.rows == receipt.accepted + receipt.quarantined + receipt.duplicates
            batch = queries.batch(receipt.batch)
            if receipt.status == Batch.PUBLISHED:
                bad = places.quarantined_rows(batch)
                assert len(bad) == receipt.quarantined
                assert all(q.row > 1 and q.reasons for q in bad)
            else:
                assert receipt.cause
                assert receipt.next_step
    assert set(seen) >= {Batch.PUBLISHED, Batch.HELD, Batch.REFUSED}
    accepted = sum(b.accepted for b in Batch.objects.filter(status=Batch.PUBLISHED))
    live = live_rows("mi_settlement", "setl_id")
    assert len(live) == len(set(live)) <= accepted


@pytest.mark.parametrize("mutation", [flip, cut, cut_out], ids=lambda m: m.__name__)
def test_damaged_parquet_is_refused_or_read(
    mutation: Mutation, clerk: Account, tmp_path: Path
) -> None:
    rows = [settlement(n) for n in range(50)]
    columns = [list(cells) for cells in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=list(SETTLEMENT)), tmp_path / "good.parquet")
    whole = (tmp_path / "good.parquet").read_bytes()
    for number in range(34):
        path = tmp_path / f"结算信息{number}.parquet"
        path.write_bytes(mutation(whole, random.Random(number)))
        try:
            (receipt,) = deliver(Request(path, "mi_settlement"), by=clerk)
        except ClewError as error:
            pytest.fail(f"seed {number}: {error}")
        assert receipt.status in (Batch.REFUSED, Batch.PUBLISHED, Batch.DUPLICATE)
