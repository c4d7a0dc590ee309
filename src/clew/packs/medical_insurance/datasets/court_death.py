from clew.declare import Column, Dataset, T
from clew.declare.types import CaseNumber, Code, Date
from clew.packs.medical_insurance.datasets import common


class CourtDeath(Dataset):
    """One row is one judgment that declares a person dead or revokes that."""

    name = "court_death"
    title = T("宣告死亡", "Declared dead, revoked")
    synonyms = ("撤销死亡宣告", "失踪死亡判决")
    owners = ("法院",)
    key = ("case_no",)
    main_date = "judg_date"
    fresh_days = 366

    case_no = Column(CaseNumber(), "案号", en="Case number", required=True)
    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    kind = Column(
        Code({"declared": "宣告/宣告死亡", "revoked": "撤销/撤销死亡宣告"}),
        "裁判类型",
        en="Kind of judgment",
        required=True,
    )
    judg_date = Column(Date(), "判决日期", en="Judgment of", required=True)
