"""The shipped mapping `us-claims`: a few invented rows always, the public files where they are."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account
from clew.datasets import queries
from clew.datasets.ingest import mapping
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.datasets.models import LakeFile
from clew.kernel.workspace import Workspace
from clew.packs.medical_insurance.pack import PACK

PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "claims-us"

BENEFICIARIES: dict[str, list[Any]] = {
    "BeneID": ["B1", "B2"],
    "DOB": [date(1940, 9, 1), date(1943, 1, 1)],
    "DOD": [date(2009, 2, 1), None],
    "Gender": [2, 1],
}
CLAIMS: dict[str, list[Any]] = {
    "BeneID": ["B1"],
    "ClaimID": ["C1"],
    "ClaimStartDt": [date(2009, 1, 20)],
    "ClaimEndDt": [date(2009, 1, 26)],
    "Provider": ["PRV1"],
    "InscClaimAmtReimbursed": [9000],
    "AttendingPhysician": ["PHY1"],
    "DeductibleAmtPaid": [1068],
    "ClmDiagnosisCode_1": ["5780"],
}
STAYS = CLAIMS | {
    "AdmissionDt": [date(2009, 1, 6)],
    "DischargeDt": [date(2009, 1, 24)],
    "DiagnosisGroupCode": ["332"],
}
VISITS = CLAIMS | {"ClaimID": ["C2"], "DeductibleAmtPaid": [None]}


@pytest.fixture
def officer(db: None, workspace: Workspace) -> Iterator[Account]:
    account = accounts.bootstrap(os_user="tester")
    for owner in PACK.owners:
        accounts.create_department(
            by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
        )
    yield account


def send(path: Path, officer: Account) -> dict[str, Receipt]:
    receipts = deliver(Request(path, mapping=mapping.load("us-claims")), by=officer)
    assert [r.cause for r in receipts if r.status != "published"] == []
    return {r.dataset: r for r in receipts}


def lake(dataset: str, columns: str) -> list[tuple[Any, ...]]:
    files = queries.paths(Workspace.current(), dataset, LakeFile.ROWS)
    sql = f"SELECT {columns} FROM read_parquet({[str(f) for f in files]}) ORDER BY ALL"
    return duckdb.sql(sql).fetchall()


@pytest.fixture
def few(officer: Account, tmp_path: Path) -> None:
    for name, rows in (("people", BENEFICIARIES), ("stays", STAYS), ("visits", VISITS)):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table(rows), path)
        send(path, officer)


def test_a_death_counts_by_its_month(few: None) -> None:
    assert lake("death_health", "cert_no, death_time, death_time_precision, gend") == [
        ("B1", datetime(2009, 2, 1), 2, "2")
    ]


def test_the_total_is_reimbursement_and_deductible_in_fen(few: None) -> None:
    columns = "setl_id, med_type, medfee_sumamt, fund_pay_sumamt, acct_pay, psn_part_amt"
    assert lake("mi_settlement", columns) == [
        ("C1", "21", 1_006_800, 900_000, 0, 106_800),
        ("C2", "11", 900_000, 900_000, 0, 0),
    ]


def test_a_stay_begins_with_the_admission_and_ends_with_the_discharge(few: None) -> None:
    begin = lake("mi_settlement", "setl_id, begntime, endtime")
    assert begin[0] == ("C1", datetime(2009, 1, 6), datetime(2009, 1, 26))
    assert begin[1] == ("C2", datetime(2009, 1, 20), datetime(2009, 1, 26))
    assert lake("mi_inpatient", "adm_time, dscg_time") == [
        (datetime(2009, 1, 6), datetime(2009, 1, 24))
    ]
    assert lake("mi_diagnosis", "mdtrt_id, diag_srt_no, diag_type, diag_code") == [
        ("C1", 1, "1", "5780")
    ]


def test_a_person_is_the_same_in_every_dataset(few: None) -> None:
    keys = {k for d in ("death_health", "mi_settlement", "mi_inpatient") for k in lake(d, "certno")}
    assert len(keys) == 1
    assert lake("mi_settlement", "psn_name, psn_name_key")[0] == (None, "")


def test_the_public_claims_arrive_whole(officer: Account) -> None:
    if not PUBLIC.is_dir():
        pytest.skip("the public US claims (shared/data/claims-us) are not beside this checkout")
    counts = {
        (file.name.split("_")[1].removesuffix("data.parquet"), dataset): receipt.accepted
        for file in sorted(PUBLIC.glob("*.parquet"))
        for dataset, receipt in send(file, officer).items()
    }
    assert counts == {
        ("Beneficiary", "death_health"): 574,
        ("Inpatient", "mi_settlement"): 9551,
        ("Inpatient", "mi_inpatient"): 9551,
        ("Inpatient", "mi_diagnosis"): 9551,
        ("Outpatient", "mi_settlement"): 125_841,
    }
    died = {k for (k,) in lake("death_health", "certno")}
    assert died <= {k for (k,) in lake("mi_settlement", "DISTINCT certno")}
