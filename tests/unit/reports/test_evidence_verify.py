"""A package proves itself anywhere: every file, every cell, whatever was done to it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clew.audit.chain import link
from clew.kernel.errors import InputError
from clew.kernel.workspace import HOME_VARIABLE, Workspace
from clew.reports.evidence import package as packages
from clew.reports.evidence.package import LEDGER, LISTED, MANIFEST, SOURCES, WHOLE, WORKBOOK
from clew.reports.evidence.verify import verify

FILES = (*LISTED, MANIFEST, LEDGER)


def told(folder: Path) -> str:
    return "\n".join(map(str, verify(folder).problems))


def rewrite(path: Path, change: Callable[[Any], None]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def relist(folder: Path) -> None:
    """What a forger does next: the manifest, and the ledger's word as far as it needs no key."""
    lines = "".join(f"{packages.sha256(folder / n)}  {n}\n" for n in LISTED)
    (folder / MANIFEST).write_bytes(lines.encode())

    def change(word: Any) -> None:
        word["entry"]["facts"]["manifest"] = hashlib.sha256(lines.encode()).hexdigest()
        word["hash"] = link(word["entry"]["prev"], word["entry"])

    rewrite(folder / LEDGER, change)


def retype(book: Path, old: str, new: str) -> None:
    """Replaces a text inside a workbook, in shared strings or a sheet."""
    with zipfile.ZipFile(book) as inside:
        parts = {n: inside.read(n) for n in inside.namelist()}
    assert any(old.encode() in content for content in parts.values())
    with zipfile.ZipFile(book, "w") as inside:
        for name, content in parts.items():
            inside.writestr(name, content.replace(old.encode(), new.encode()))


def test_a_package_as_written_is_whole(package: Path) -> None:
    report = verify(package)
    assert report.ok, report.problems
    assert (report.clues, report.pinned) == (1, False)
    assert report.cells > 150 and report.entry > 0
    key = Workspace.current().audit_public_key.hex()
    assert (report.key, verify(package, public_key=key).pinned) == (key, True)


def test_it_needs_neither_workspace_nor_database(package: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("CLEW_", "DJANGO_"))}
    environment[HOME_VARIABLE] = str(package / "nowhere")
    command = [sys.executable, "-m", "clew.cli.main", "verify-evidence", str(package), "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["ok"] is True


def test_the_manifest_is_what_common_tools_read(package: Path) -> None:
    lines = (package / MANIFEST).read_text(encoding="utf-8").splitlines()
    assert [re.fullmatch(r"[0-9a-f]{64}  (\S+)", line)[1] for line in lines] == list(LISTED)  # type: ignore[index]
    told_sources = (package / SOURCES).read_text(encoding="utf-8").splitlines()
    assert all(re.match(r"# |[0-9a-f]{64}  ", line) for line in told_sources)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_gone(package: Path, name: str) -> None:
    (package / name).unlink()
    assert name in told(package)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_one_byte_in_any_file(package: Path, name: str, at: float) -> None:
    content = bytearray((package / name).read_bytes())
    place = min(int(at * len(content)), len(content) - 2)
    content[place] ^= 1
    (package / name).write_bytes(content)
    assert not verify(package).ok


@pytest.mark.parametrize("name", FILES)
def test_an_empty_file(package: Path, name: str) -> None:
    (package / name).write_bytes(b"")
    assert name in told(package)


def test_a_file_beside(package: Path) -> None:
    (package / "more.txt").write_text("x", encoding="utf-8")
    assert told(package).startswith("more.txt")


@pytest.mark.parametrize(
    ("one", "other"), [(WORKBOOK, WHOLE), (WHOLE, SOURCES), (MANIFEST, SOURCES)]
)
def test_files_that_changed_places(package: Path, one: str, other: str) -> None:
    a, b = (package / one).read_bytes(), (package / other).read_bytes()
    (package / one).write_bytes(b)
    (package / other).write_bytes(a)
    assert one in told(package)


def test_a_cell_is_named_though_every_hash_was_renewed(package: Path) -> None:
    retype(package / WORKBOOK, "<v>80</v>", "<v>8</v>")
    relist(package)
    problems = told(package)
    assert re.search(r"evidence\.xlsx «结算信息»!\$?[A-Z]+\$?\d+: ", problems), problems
    assert f"{LEDGER} signature" in problems
    assert "80" not in problems.replace("SHA", "")


def test_a_text_cell_is_named(package: Path) -> None:
    retype(package / WORKBOOK, "结算流水号", "流水号")
    assert "«结算信息»!" in told(package)


def test_json_and_workbook_must_tell_the_same(package: Path) -> None:
    def change(whole: Any) -> None:
        table = next(t for t in whole["tables"] if t["dataset"] == "mi_settlement")
        table["rows"][0]["cells"][0] = "S9"

    rewrite(package / WHOLE, change)
    relist(package)
    assert "«结算信息»!" in told(package)


def test_money_must_add_up(package: Path) -> None:
    def change(whole: Any) -> None:
        whole["clues"][0]["fund_amount"] = "9999.00"

    rewrite(package / WHOLE, change)
    problems = told(package)
    assert "fund_amount: 不等于各行之和" in problems
    assert "«总览»!" in problems


def test_a_row_left_out_of_the_json(package: Path) -> None:
    def change(whole: Any) -> None:
        next(t for t in whole["tables"] if t["dataset"] == "mi_settlement")["rows"].pop()

    rewrite(package / WHOLE, change)
    relist(package)
    problems = told(package)
    assert "线索与证据行不对应" in problems
    assert "JSON 中没有此单元格" in problems


def test_a_forger_with_a_key_of_his_own_is_found_by_the_senders(package: Path) -> None:
    real = Workspace.current().audit_public_key.hex()
    retype(package / WORKBOOK, "<v>80</v>", "<v>80</v><!-- -->")
    relist(package)
    word = json.loads((package / LEDGER).read_text(encoding="utf-8"))
    packages.attest(package, word["entry"], word["hash"], b"\x07" * 32)
    assert verify(package).ok
    report = verify(package, public_key=real)
    assert not report.ok and not report.pinned
    assert report.problems[0].where == "key"


def test_the_ledgers_word_belongs_to_this_package(package: Path) -> None:
    def change(word: Any) -> None:
        word["entry"]["facts"]["masked"] = not word["entry"]["facts"]["masked"]

    rewrite(package / LEDGER, change)
    assert f"{LEDGER} hash" in told(package)


@pytest.mark.parametrize("content", ["[]", "{}", '{"format": "other/9"}', "null", '{"entry": 1}'])
@pytest.mark.parametrize("name", [WHOLE, LEDGER])
def test_foreign_content_is_told_and_never_fails(package: Path, name: str, content: str) -> None:
    (package / name).write_text(content, encoding="utf-8")
    assert name in told(package)


def test_what_is_no_package(tmp_path: Path, package: Path) -> None:
    with pytest.raises(InputError):
        verify(tmp_path / "nowhere")
    with pytest.raises(InputError):
        verify(package, public_key="abc")
    assert not verify(tmp_path).ok
