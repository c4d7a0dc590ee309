from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Date, Money, Prose, Text
from clew.packs.medical_insurance.datasets import common


class CaseLibrary(Dataset):
    """One row is one way of working that was seen in one closed fraud case."""

    name = "mi_case_library"
    title = T("骗保案件库", "Fraud cases of five years")
    synonyms = ("案例库", "医保案件")
    owners = ("公安局", "检察院")
    mode = REGISTER
    key = ("case_no", "tag")

    case_no = Column(Text(), "案件编号", en="Case number", required=True)
    tag = Column(Text(), "手法标签", en="Way of working", required=True)

    closed_date = Column(Date(), "结案日期", en="Closed on")
    fixmedins_code = common.fixmedins_code()
    certno = common.certno(required=False)
    emp_uscc = common.emp_uscc()
    med_list_codg = common.med_list_codg()
    amount = Column(Money(), "涉案金额/金额", en="Amount of the case")
    summary = Column(Prose(), "案情摘要/案情", en="What happened")
