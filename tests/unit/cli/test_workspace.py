"""Commands around the workspace: deliveries, datasets, links, briefs, the ledger."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from clew.audit.models import Entry
from clew.datasets.models import Batch
from tests.unit.cli.conftest import Clew
from tests.unit.conftest import FILES, Village, write_csv

pytestmark = pytest.mark.django_db
SHAPE = {"batch", "dataset", "status", "rows", "accepted", "quarantined", "duplicates", "repaired"}


def settlement(folder: Path, name: str, *numbers: str, headers: tuple[str, ...] = ()) -> Path:
    own, rows = FILES["结算信息.csv"]
    return write_csv(folder / name, headers or own, [(n, f"M{n}", *rows[0][2:]) for n in numbers])


def test_ingest_published_then_duplicate(clew: Clew, village: Village, tmp_path: Path) -> None:
    path = settlement(tmp_path, "结算信息_二.csv", "T1", "T2", "T2")
    first = clew("ingest", path, "--json")
    (receipt,) = first.json
    assert first.code == 0
    assert set(receipt) >= SHAPE
    counts = [receipt[k] for k in ("status", "rows", "accepted", "quarantined", "duplicates")]
    assert counts == ["published", 3, 2, 0, 1]
    again = clew("ingest", path, "--json")
    assert (again.code, again.json[0]["status"]) == (0, "duplicate")
    assert again.json[0]["batch"] == receipt["batch"]


def test_ingest_quarantines_and_lists_the_row(clew: Clew, village: Village, tmp_path: Path) -> None:
    headers, rows = FILES["结算信息.csv"]
    bad = ("T9", "M9", *rows[0][2:6], "2023-02-30", *rows[0][7:])
    path = write_csv(tmp_path / "结算信息_三.csv", headers, [("T8", "M8", *rows[0][2:]), bad])
    (receipt,) = clew("ingest", path, "--json").json
    assert (receipt["accepted"], receipt["quarantined"]) == (1, 1)
    (row,) = clew("quarantine", "list", receipt["batch"], "--json").json
    assert (row["file"], row["row"], row["column"]) == ("结算信息_三.csv", 3, "begntime")
    assert row["reason"]
    assert clew("trace", "T9", "--json").json[0]["state"] == "quarantined"


def test_ingest_held_and_refused_say_so_by_exit_code(
    clew: Clew, village: Village, tmp_path: Path
) -> None:
    guessed = ("结算流水号", "就诊编号", *FILES["结算信息.csv"][0][2:])
    held = clew("ingest", settlement(tmp_path, "结算信息_四.csv", "T1", headers=guessed), "--json")
    assert (held.code, held.json[0]["status"]) == (3, "held")
    assert held.json[0]["cause"] and held.json[0]["next"]
    empty = tmp_path / "空.csv"
    empty.write_bytes(b"")
    refused = clew("ingest", empty, "--json")
    assert (refused.code, refused.json[0]["status"]) == (4, "refused")
    assert refused.json[0]["cause"]
    both = clew("ingest", settlement(tmp_path, "结算信息_五.csv", "T3"), empty, "--json")
    assert (both.code, [r["status"] for r in both.json]) == (4, ["published", "refused"])


def test_ingest_of_a_missing_file(clew: Clew, village: Village) -> None:
    answer = clew("ingest", "nowhere.csv")
    assert answer.code == 4
    assert "nowhere.csv" in answer.text
    assert "→" in answer.err


def test_a_dry_run_publishes_nothing(clew: Clew, village: Village, tmp_path: Path) -> None:
    before = (Batch.objects.count(), Entry.objects.count())
    path = settlement(tmp_path, "结算信息_六.csv", "T5")
    answer = clew("ingest", path, "--dry-run", "--json")
    assert (answer.code, answer.json[0]["accepted"]) == (0, 1)
    assert (Batch.objects.count(), Entry.objects.count()) == before


def test_datasets_and_batches(clew: Clew, village: Village) -> None:
    listed = {d["dataset"]: d for d in clew("datasets", "list", "--json").json}
    assert listed["mi_settlement"]["rows"] == 8
    assert listed["mi_fee"]["rows"] == 0
    columns = clew("datasets", "show", "death_health", "--json").json["columns"]
    assert {c["column"] for c in columns if c["key"]} == {"cert_no"}
    batches = clew("datasets", "batches", "--json").json
    assert {b["batch"] for b in batches} == {r.batch for r in village.receipts}
    report = clew("datasets", "show", village.batch("mi_settlement"), "--json").json
    assert report["rows"] == 8
    assert "结算信息.csv" in clew("datasets", "batches").out
    mapped = clew("datasets", "map", village.files / "殡葬火化.csv")
    assert mapped.code == 0
    assert "death_civil" in mapped.out


def test_links_and_conflicts(clew: Clew, village: Village) -> None:
    links = {(x["a"], x["b"]): (x["T1"], x["T1c"]) for x in clew("link", "--json").json}
    assert links["death_health", "mi_settlement"] == (2, 1)
    rows = clew("link", "--conflicts", "--json").json
    assert {r["dataset"] for r in rows} == {"death_health", "mi_person", "mi_settlement"}
    assert {r["name"] for r in rows} == {"另*", "陈*"}
    for row in rows:
        assert clew("trace", row["example"], "--json").json[0]["dataset"] == row["dataset"]
    assert "请人工判定" in clew("link", "--conflicts").err


def test_a_brief_drills_down(clew: Clew, clue: str) -> None:
    page = clew("brief", "medical_insurance", "--json").json
    assert set(page) == {"domain", "scale", "figures"}
    for figure in page["figures"]:
        assert set(figure) == {"id", "label", "value", "unit", "text", "rows"}
        rows = clew("brief", "medical_insurance", "--rows", figure["id"], "--json").json
        assert len(rows) == figure["rows"]
        if figure["unit"] == "元":
            assert sum(Decimal(r["value"]) for r in rows) == Decimal(figure["value"])
    shown = clew("brief", "medical_insurance")
    assert "样本 1:1" in shown.out
    assert clew("brief", "medical_insurance", "--rows", "A1.20").code == 0


def test_doctor_and_ledger(clew: Clew, village: Village, tmp_path: Path) -> None:
    found = clew("doctor", "--json")
    assert (found.code, found.json["missing_files"], found.json["ledger_ok"]) == (0, [], True)
    listed = clew("audit", "list", "--json").json
    assert listed[0]["at"].endswith("+08:00")
    assert "2023-10-31" in clew("audit", "list", "--limit", "3").out
    export = tmp_path / "ledger.jsonl"
    assert clew("audit", "export", export).code == 0
    whole = clew("audit", "verify", export, "--json")
    assert (whole.code, whole.json["ok"]) == (0, True)
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    body = json.loads(lines[3])
    body["actor"] = "nobody"
    lines[3] = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
    export.write_text("".join(lines), encoding="utf-8")
    harmed = clew("audit", "verify", export, "--json")
    assert (harmed.code, harmed.json["problems"][0]["seq"]) == (9, 4)
    assert "被改动" in clew("audit", "verify", export).err
    assert clew("audit", "verify", tmp_path / "gone.jsonl").code == 4
    assert clew("audit", "verify", export, "--public-key", "zz").code == 4


def test_the_ledger_in_the_database_is_verified(clew: Clew, village: Village) -> None:
    assert clew("audit", "verify", "--json").json["ok"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 2")
    answer = clew("audit", "verify", "--json")
    assert (answer.code, answer.json["problems"][0]["seq"]) == (9, 2)
    assert clew("doctor").code == 8
