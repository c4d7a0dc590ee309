"""What the bureau and its hospitals send: each contract against its text, one small file each."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clew.accounts.models import Account
from clew.datasets import queries
from clew.datasets.ingest import recognise
from clew.datasets.ingest.deliver import Receipt, Request, deliver
from clew.datasets.models import LakeFile
from clew.declare import REGISTER, Dataset
from clew.declare.types import Code, Delivery, PersonId
from clew.kernel.workspace import Workspace
from clew.packs.medical_insurance.datasets import DATASETS

CONTRACTS = {d.name: d for d in DATASETS}
DELIVERY = Delivery(date(2023, 11, 1))
ID, ORG, HOSPITAL = "330324196803128050", "91350100M000100Y43", "H33030200001"

# dataset | owner | key | further required or defaulted columns | optional columns
TEXT = """
mi_settlement | 医保局 | setl_id | mdtrt_id certno psn_name fixmedins_code med_type begntime setl_time medfee_sumamt fund_pay_sumamt acct_pay psn_cert_type | psn_no gend brdy insutype psn_type fixmedins_name endtime refd_setl_flag init_setl_id dise_codg dise_name hifp_pay maf_pay acct_mulaid_pay acct_owner_certno psn_cash_pay psn_part_amt mdtrt_cert_type verify_mode terminal_no upload_time offline_flag internet_flag emer_flag atddr_no tel referrer setl_way invo_no
mi_fee | 医保局 | setl_id feedetl_sn | fee_ocur_time med_list_codg cnt det_item_fee_sumamt | medins_list_codg item_name list_type unit pric fund_scope_amt bilg_dept_codg bilg_dr_codg exec_dr_codg sin_dos_dscr used_frqu_dscr prd_days drug_trac_codg udi device_no body_site incision_no sess_no fee_endtime bear_type
mi_inpatient | 医保局 | mdtrt_id | adm_time | certno fixmedins_code dscg_time adm_dept bed_no dscg_way transfer_to drg_code drg_weight emer_flag planned_flag icu_hours newborn_flag infant_days home_bed_flag day_case_flag uncons_begntime uncons_endtime referrer tel
mi_diagnosis | 医保局 | mdtrt_id diag_srt_no | diag_type diag_code | diag_name adm_cond diag_date cc_level
mi_operation | 医保局 | mdtrt_id oprn_srt_no | oprn_code oprn_date | oprn_name oprn_begntime oprn_endtime oper_dr_codg anst_dr_codg anst_way side main_flag staged_flag
mi_leave | 医保局 | mdtrt_id leave_begntime | | leave_endtime approved_flag reason
mi_person | 医保局 | psn_no | certno psn_name | gend brdy hukou_div resd_div resd_village addr emp_uscc psn_type tel card_void_date
mi_participation | 医保局 | psn_no insutype start_date | status | certno end_date emp_uscc reason
mi_binding | 医保局 | owner_certno member_certno start_date | | end_date relation
mi_filing | 医保局 | filing_id | kind certno start_date | end_date fixmedins_code diag_code substance days qty post_flag collector_certno collector_name doc_no
mi_programme | 医保局 | prog_id | kind fixmedins_code start_date | end_date name partner_code village icd_category med_list_codg
mi_resident | 医保局 | prog_id certno start_date | | end_date psn_name
mi_benefit | 医保局 | bnft_id | certno psn_name kind period_start amount pay_date | period_end service_date inherit_flag payee_name payee_acct refund_amt refund_date
mi_institution | 医保局 | fixmedins_code | name | uscc hosp_lv inst_type div town lon lat beds_approved beds_open open_hour close_hour only_in_town campus_of successor_code merge_date
mi_dept | 卫健委 | fixmedins_code dept_codg | name | specialty start_date end_date
mi_agreement | 医保局 | fixmedins_code status start_date | | end_date dept_codg doc_no critical_transfer
mi_staff | 卫健委 | staff_codg | name role | certno licence_no scope licence_from licence_to retire_date assistant_flag
mi_practice | 卫健委 | staff_codg fixmedins_code start_date | | end_date multi_site_flag
mi_absence | 卫健委 | staff_codg start_date | end_date | kind
mi_device | 卫健委 | fixmedins_code device_no | start_date | reg_no modality minutes end_date
mi_stock | 市场监管局 | fixmedins_code med_list_codg start_date line_no | end_date open_cnt purc_cnt close_cnt | stock_unit issue_cnt purc_pric pack_factor transfer_cnt transfer_doc donated_cnt stocktake_date reimb_flag item_name supplier_uscc invo_no
mi_catalogue | 医保局 | med_list_codg start_date | name list_type | end_date kind unit minutes max_per_day max_per_stay hour_item sex_limit age_min age_max pay_restrict local_code modality region enhanced analyte method one_to_one active recog_days listed_date vbp_date
mi_price_limit | 医保局 | med_list_codg hosp_lv start_date | pric | end_date
mi_item_pair | 医保局 | code_a code_b relation start_date | scope | end_date
mi_drug | 医保局 | med_list_codg start_date | dose_per_unit max_daily_dose | end_date substance dose_unit unit_per_pack child_only resale_flag resale_source
mi_drug_indication | 医保局 | substance icd_category | |
mi_code_list | 医保局 | list code start_date | | value end_date note
mi_theatre | 卫健委 | fixmedins_code room_no in_time | mdtrt_id out_time | oper_dr_codg side
mi_implant | 卫健委 | mdtrt_id impl_srt_no | med_list_codg | udi cnt plate_holes fused_vertebrae side free_reason
mi_lab_log | 卫健委 | report_id | fixmedins_code system med_list_codg exam_time | mdtrt_id certno device_no report_time cnt positive region protocol contrast result_status
"""  # noqa: E501
ROWS = [[cell.strip() for cell in line.split("|")] for line in TEXT.strip().splitlines()]

REGISTERS = """
    mi_programme mi_institution mi_dept mi_agreement mi_staff mi_practice mi_device mi_catalogue
    mi_price_limit mi_item_pair mi_drug mi_drug_indication mi_code_list
"""

# One line a code that a file may give by its meaning: column, meaning, code.
MEANINGS = """
mi_participation.insutype 城乡居民基本医疗保险 390
mi_participation.status 正常参保 1
mi_participation.status 暂停参保 2
mi_participation.status 终止参保 4
mi_benefit.kind 个账划入 acct_credit
mi_benefit.kind 慢特病待遇 chronic
mi_benefit.kind 长护险 ltc
mi_benefit.kind 医疗救助 maf
mi_benefit.kind 资助参保 premium
mi_benefit.kind 零星报销 reimburse
mi_benefit.kind 一次性支付 lump
mi_agreement.status 签约 signed
mi_agreement.status 暂停 suspended
mi_agreement.status 中止 interrupted
mi_agreement.status 解除 terminated
mi_staff.role 医师 doctor
mi_staff.role 护士 nurse
mi_staff.role 治疗师 therapist
mi_staff.role 技师 technician
mi_staff.role 药师 pharmacist
mi_absence.kind 请假 leave
mi_absence.kind 进修 training
mi_absence.kind 出国 abroad
mi_absence.kind 病假 sick
mi_device.modality 磁共振 MR
mi_catalogue.modality 超声 US
mi_price_limit.hosp_lv 三级 3
mi_item_pair.relation 互斥 exclusive
mi_item_pair.relation 甲含乙 included
mi_item_pair.relation 组套 panel
mi_item_pair.scope 同日 day
mi_item_pair.scope 同一单元 session
mi_item_pair.scope 同一住院 stay
mi_code_list.list 轻症 mild
mi_code_list.list 同类传染病 infectious
mi_theatre.side 双侧 B
mi_implant.side 左侧 L
mi_lab_log.system 检验系统 LIS
mi_lab_log.system 影像系统 PACS
mi_lab_log.system 电子病历 EMR
mi_lab_log.result_status 正常 ok
mi_lab_log.result_status 图像失败 image_failed
mi_lab_log.result_status 已取消 cancelled
"""
OPEN = {"mi_participation.insutype", "mi_device.modality", "mi_catalogue.modality",
        "mi_code_list.list"}  # fmt: skip

FILES = {
    "mi_participation": """参保号,险种,生效日期,终止日期,缴费状态,变更原因
                           P0001,职工医保,2020-01-01,2023-06-30,正常参保,
                           P0001,职工医保,2023-07-01,,终止参保,死亡""",
    "mi_resident": f"""项目编号,身份证号,姓名,入住日期,结束日期
                       X1,{ID},周晓芸,2022-05-01,""",
    "mi_benefit": f"""
        待遇流水号,身份证号,姓名,待遇类别,所属期起,所属期止,待遇金额,发放日期,退回金额,收款账号
        Z1,{ID},周晓芸,个账划入,2023-04-01,2023-04-30,112.50,2023-04-08,,
        Z2,{ID},周晓芸,长护险,2023-05-01,2023-05-31,900,2023-06-02,900,6222000000000000001""",
    "mi_agreement": f"""定点机构代码,处理方式,开始日期,结束日期,科室代码,允许危重转诊
                        {HOSPITAL},暂停,2023-03-01,2023-08-31,,是
                        {HOSPITAL},签约,2021-01-01,,,""",
    "mi_staff": f"""医保医师代码,姓名,岗位,执业证号,发证日期,注销日期,身份证号,助理标志
                    D1,周晓芸,医师,110,2001-07-01,,{ID},否""",
    "mi_practice": f"""医护人员编码,定点机构代码,开始日期,结束日期,多点执业备案
                       D1,{HOSPITAL},2015-01-01,,0""",
    "mi_absence": """医护人员编码,开始日期,结束日期,缺勤类型
                     D1,2023-02-01,2023-04-30,进修""",
    "mi_device": f"""定点机构代码,设备编号,启用日期,报废日期,设备类型,每例分钟
                     {HOSPITAL},CT1,2019-05-01,,CT,12""",
    "mi_stock": f"""定点机构代码,国家编码,期间起,期间止,期初库存,采购数量,期末库存,供货单位代码
                    {HOSPITAL},XA10BA,2023-01-01,2023-03-31,40,120.5,33.25,{ORG}""",
    "mi_price_limit": """国家编码,机构等级,限价,生效日期
                         001101,三级,35.5,2022-01-01""",
    "mi_item_pair": """项目甲,项目乙,关系,生效日期
                       001101,001102,互斥,2022-01-01""",
    "mi_drug": """国家编码,每计价单位剂量,日极量,剂量单位,生效日期,易倒卖,名单来源
                  XA10BA,500,2550,mg,2022-01-01,是,历年案件""",
    "mi_drug_indication": """药品通用名编码,诊断类目
                             XA10BA,E11""",
    "mi_code_list": """名单,代码,生效日期,数值,备注
                       轻症,J00,2022-01-01,,
                       康复限定天数,I63,2022-01-01,90,""",
    "mi_theatre": f"""定点机构代码,手术间,就诊流水号,入室时间,出室时间,主刀医师,手术侧别
                      {HOSPITAL},3,M1,2023-05-04 08:30:00,2023-05-04 11:05:00,D1,左侧""",
    "mi_implant": """就诊流水号,序号,国家编码,UDI,数量,钢板孔数,左右侧
                     M1,1,C0301,0690,1,8,右侧""",
    "mi_lab_log": f"""
        报告单号,定点机构代码,来源系统,国家编码,检查时间,报告时间,身份证号,阳性,结果状态
        R1,{HOSPITAL},影像系统,002101,2023-05-04 08:30:00,2023-05-04 10:00:00,{ID},是,图像失败""",
}  # fmt: skip
sent = pytest.mark.parametrize("name", FILES)


def table(name: str) -> list[list[str]]:
    return [line.strip().split(",") for line in FILES[name].strip().splitlines()]


def send(name: str, lines: list[list[str]], officer: Account, folder: Path) -> Receipt:
    path = folder / f"{name}.csv"
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    (receipt,) = deliver(Request(path), by=officer)
    return receipt


def lake(dataset: str, columns: str) -> list[tuple[Any, ...]]:
    files = queries.paths(Workspace.current(), dataset, LakeFile.ROWS)
    sql = f"SELECT {columns} FROM read_parquet({[str(f) for f in files]}) ORDER BY ALL"
    return duckdb.sql(sql).fetchall()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_contract_follows_its_text(row: list[str]) -> None:
    name, owner, key, required, optional = row
    contract: type[Dataset] = CONTRACTS[name]
    assert contract.owners == (owner,)
    assert contract.key == tuple(key.split())
    needed = {c.name for c in contract.columns.values() if c.required or c.default is not None}
    assert needed == {*key.split(), *required.split()}
    assert set(contract.columns) - needed == set(optional.split())


def test_registers_are_those_of_the_text() -> None:
    named = {row[0] for row in ROWS}
    assert {n for n in named if CONTRACTS[n].mode == REGISTER} == set(REGISTERS.split())


@pytest.mark.parametrize("line", MEANINGS.strip().splitlines())
def test_codes_are_told_by_their_meaning(line: str) -> None:
    column, meaning, code = line.split()
    dataset, _, name = column.partition(".")
    kind = CONTRACTS[dataset].columns[name].type
    assert isinstance(kind, Code)
    assert kind.check(meaning, DELIVERY).normal == code
    assert kind.check("不在名单", DELIVERY).ok is (column in OPEN)


def test_what_stands_where_a_file_says_nothing() -> None:
    assert CONTRACTS["mi_item_pair"].columns["scope"].default == "day"
    assert CONTRACTS["mi_stock"].columns["line_no"].default == "1"


def test_the_name_of_a_licence_belongs_to_its_number() -> None:
    (certno,) = CONTRACTS["mi_staff"].person_columns()
    assert isinstance(certno.type, PersonId) and certno.type.person_name == "name"


@sent
def test_headers_tell_the_dataset(name: str) -> None:
    match = recognise.recognise(DATASETS, table(name)[0], "导出数据.csv")
    assert match.dataset.name == name
    assert (match.missing, match.guessed, match.unknown) == ([], {}, [])


@sent
def test_a_small_file_is_published(name: str, officer: Account, tmp_path: Path) -> None:
    receipt = send("导出数据", table(name), officer, tmp_path)
    assert (receipt.dataset, receipt.status) == (name, "published")
    assert receipt.rows == receipt.accepted == len(table(name)) - 1
    assert not (receipt.flagged or receipt.repaired or receipt.unknown_columns)


def test_later_lines_of_a_stock_period_need_no_opening_stock(
    officer: Account, tmp_path: Path
) -> None:
    head = [*table("mi_stock")[0][:4], "行号", *table("mi_stock")[0][4:7]]
    period = [HOSPITAL, "XA10BA", "2023-01-01", "2023-03-31"]
    lines = [[*period, "1", "40", "100", ""], [*period, "2", "", "20.5", "33.25"]]
    receipt = send("进销存", [head, *lines], officer, tmp_path)
    assert (receipt.status, receipt.accepted, receipt.quarantined) == ("published", 2, 0)
    assert lake("mi_stock", "line_no, open_cnt, purc_cnt, close_cnt") == [
        (1, Decimal(40), Decimal(100), None),
        (2, None, Decimal("20.5"), Decimal("33.25")),
    ]


def test_a_benefit_lands_in_fen_and_by_code(officer: Account, tmp_path: Path) -> None:
    send("待遇支付", table("mi_benefit"), officer, tmp_path)
    assert lake("mi_benefit", "bnft_id, kind, period_start, amount, refund_amt") == [
        ("Z1", "acct_credit", date(2023, 4, 1), 11_250, None),
        ("Z2", "ltc", date(2023, 5, 1), 90_000, 90_000),
    ]


def test_a_report_corrected_later_replaces_the_earlier(officer: Account, tmp_path: Path) -> None:
    head, row = table("mi_lab_log")
    corrected = [*row[:5], "2023-05-05 09:00:00", *row[6:-1], "正常"]
    receipt = send("报告日志", [head, corrected, row], officer, tmp_path)
    assert (receipt.rows, receipt.accepted) == (2, 1)
    assert lake("mi_lab_log", "report_time, positive, result_status") == [
        (datetime(2023, 5, 5, 9), True, "ok")
    ]
