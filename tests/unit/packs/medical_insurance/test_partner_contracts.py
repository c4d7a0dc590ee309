"""What partner departments send: each contract against its text, and one small file of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from clew.accounts import actions as accounts
from clew.accounts.models import Account
from clew.datasets.ingest import recognise
from clew.datasets.ingest.deliver import Request, deliver
from clew.declare import REGISTER, Dataset
from clew.declare.types import Code, Delivery
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.pack import PACK

CONTRACTS = {d.name: d for d in DATASETS}
DELIVERY = Delivery(date(2023, 11, 1))
ID, OTHER, ORG = "330324196803128050", "11010519491231002X", "91350100M000100Y43"

# dataset | owners | key | further required columns | optional columns
TEXT = """
mi_maternity | 医保局 | claim_no | certno psn_name emp_uscc dlvy_date leave_days allow_base allow_paid pay_date | dlvy_type birth_cert_no
si_contribution | 税务局 人社局 | certno emp_uscc month supp_flag | base | psn_name arrival_date court_doc_no
tax_wage | 税务局 | certno emp_uscc month | wage_income | psn_name
org_registry | 市场监管局 | emp_uscc | name | addr legal_name legal_certno est_date agent_name agent_tel dispatch_licence dispatch_from dispatch_to group_uscc merged_into merge_date status
org_tax | 税务局 | emp_uscc month | tax_paid invo_cnt | invo_amt wage_headcount
death_health | 卫健委 | cert_no | certno psn_name death_time | gend brdy addr tel place cause_icd
death_police | 公安局 | certno cancel_date | psn_name | death_date reason
death_civil | 民政局 | certno cremation_date | psn_name |
court_death | 法院 | case_no | certno psn_name kind judg_date |
police_person | 公安局 | certno | psn_name | gend sex_change_date former_name hukou_div
civil_marriage | 民政局 | certno reg_date | spouse_certno kind |
kin | 公安局 民政局 | certno kin_certno | relation | source start_date end_date
mi_custody | 公安局 | certno start_date | psn_name | end_date place
mi_border | 公安局 | certno exit_date | psn_name | entry_date place
traffic_accident | 公安局 | accd_no certno | psn_name accd_time | liability insurer_paid
work_injury | 人社局 | rec_no | certno psn_name inj_date | rec_date emp_uscc inj_part
mi_case_library | 公安局 检察院 | case_no tag | | closed_date fixmedins_code certno emp_uscc med_list_codg amount summary
mi_complaint | 医保局 | cmpl_no | recv_date content | fixmedins_code inst_name channel
epi_season | 卫健委 | icd_category month | index |
audit_problem | 审计局 | prob_no | subject_code amount status |
fiscal_refund | 财政局 | voucher_no | kind date amount | fixmedins_code
market_drug_case | 市场监管局 | case_no med_list_codg | seize_date | qty place
mi_expert | 医保局 | expert_no | name specialty start_date | employer div end_date certno
"""  # noqa: E501
ROWS = [[cell.strip() for cell in line.split("|")] for line in TEXT.strip().splitlines()]

FILES = {
    "mi_maternity": f"""
        申领编号,身份证号,姓名,用人单位代码,生育日期,产假天数,津贴基数,津贴金额,支付日期,生育类别
        B1,{ID},周晓芸,{ORG},2023-05-06,98,9000.00,29400,2023-08-02,剖宫产""",
    "si_contribution": f"""公民身份号码,姓名,单位编码,费款所属期,申报基数
                           {ID},周晓芸,{ORG},202304,4462.00""",
    "org_registry": f"""
        统一社会信用代码,企业名称,住所,法定代表人,法定代表人证件号,代办人,成立日期,有效期止
        {ORG},云江服装厂,温州市鹿城区望江路8号,周晓芸,{ID},陈海,2021-03-01,2023-02-28""",
    "org_tax": f"""单位编码,税款所属期,纳税额,开票份数,工资申报人数
                   {ORG},2023-04,0,0,3""",
    "kin": f"""身份证号,亲属证件号,关系,来源
               {ID},{OTHER},配偶,户籍""",
    "mi_custody": f"""姓名,身份证号,收押日期,释放日期,羁押场所
                      周晓芸,{ID},2023-01-09,2023-03-01,某看守所""",
    "traffic_accident": f"""事故编号,姓名,身份证号,事故时间,责任,保险赔付
                            J1,周晓芸,{ID},2023-04-01 17:30:00,同等,1200.50""",
    "work_injury": f"""认定书编号,姓名,身份证号,事故日期,认定日期,伤害部位
                       G1,周晓芸,{ID},2023-04-01,2023-06-10,左手""",
    "mi_case_library": """案件编号,手法标签,结案日期,涉案金额,案情摘要
                          A1,冒名就医,2021-12-01,30000,持他人卡购药
                          A1,药品倒卖,2021-12-01,30000,持他人卡购药""",
    "mi_complaint": """工单号,受理日期,诉求内容,被投诉机构,渠道
                       T1,2023-07-08,医院多收床位费,云江医院,12345""",
    "epi_season": """诊断类目,月份,流行指数
                     J10,2023-03,2.4""",
    "audit_problem": f"""问题编号,被审计单位,涉及金额,整改状态
                         S1,{ORG},8000.00,整改中""",
    "fiscal_refund": """凭证号,资金类型,入账日期,金额
                        P1,退库,2023-09-01,8000.00""",
    "market_drug_case": """案号,医保目录编码,查获日期,查获数量,查获地点
                           S1,XA10BA,2022-05-05,36,某出租房""",
    "mi_expert": """专家编号,姓名,专业,生效日期,终止日期,工作单位
                    E1,陈海,骨科,2022-01-01,2023-09-30,云江医院""",
}  # fmt: skip
sent = pytest.mark.parametrize("name", FILES)


def table(name: str) -> list[list[str]]:
    return [line.strip().split(",") for line in FILES[name].strip().splitlines()]


def found(name: str) -> recognise.Match:
    """The dataset of the whole pack that the headers alone tell."""
    return recognise.recognise(DATASETS, table(name)[0], "导出数据.csv")


@pytest.fixture
def officer(db: None, workspace: object) -> Iterator[Account]:
    account = accounts.bootstrap(os_user="tester")
    for owner in PACK.owners:
        accounts.create_department(
            by=account, code=owner.code, name_zh=owner.title.zh, name_en=owner.title.en
        )
    yield account


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_contract_follows_its_text(row: list[str]) -> None:
    name, owners, key, required, optional = row
    contract: type[Dataset] = CONTRACTS[name]
    assert contract.owners == tuple(owners.split())
    assert contract.key == tuple(key.split())
    defaulted = {c.name for c in contract.columns.values() if c.default is not None}
    needed = {c.name for c in contract.columns.values() if c.required} | defaulted
    assert needed == {*key.split(), *required.split()}
    assert set(contract.columns) - needed == set(optional.split())


def test_registers_are_those_of_the_text() -> None:
    registers = {row[0] for row in ROWS if CONTRACTS[row[0]].mode == REGISTER}
    assert registers == {"mi_case_library", "mi_expert"}


def test_a_contribution_is_regular_unless_it_says_otherwise() -> None:
    assert CONTRACTS["si_contribution"].columns["supp_flag"].default == "0"


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("kin.relation", "配偶", "spouse"),
        ("kin.relation", "父母", "parent"),
        ("kin.relation", "子女", "child"),
        ("kin.relation", "兄弟姐妹", "sibling"),
        ("traffic_accident.liability", "全部责任", "full"),
        ("traffic_accident.liability", "主要责任", "main"),
        ("traffic_accident.liability", "同等责任", "equal"),
        ("traffic_accident.liability", "次要责任", "minor"),
        ("traffic_accident.liability", "无责任", "none"),
        ("fiscal_refund.kind", "财政补助", "subsidy"),
        ("fiscal_refund.kind", "退库", "refund"),
        ("mi_maternity.dlvy_type", "难产", "2"),
        ("mi_maternity.dlvy_type", "多胞胎", "3"),
    ],
)
def test_codes_are_told_by_their_meaning(column: str, text: str, code: str) -> None:
    dataset, _, name = column.partition(".")
    kind = CONTRACTS[dataset].columns[name].type
    assert isinstance(kind, Code)
    assert kind.check(text, DELIVERY).normal == code
    assert kind.check("不在名单", DELIVERY).ok is kind.open_list


@sent
def test_headers_tell_the_dataset(name: str) -> None:
    match = found(name)
    assert match.dataset.name == name
    assert (match.missing, match.guessed) == ([], {})


@sent
def test_a_small_file_is_published(name: str, officer: Account, tmp_path: Path) -> None:
    path = tmp_path / "导出数据.csv"
    lines = table(name)
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    (receipt,) = deliver(Request(path), by=officer)
    assert (receipt.dataset, receipt.status) == (name, "published")
    assert receipt.rows == receipt.accepted == len(lines) - 1
    assert not (receipt.flagged or receipt.repaired or receipt.unknown_columns)
