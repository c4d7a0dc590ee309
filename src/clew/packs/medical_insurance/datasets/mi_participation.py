from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Text
from clew.packs.medical_insurance.datasets import common

STATES = {
    "1": "正常参保/正常/参保",
    "2": "暂停参保/暂停/中断",
    "4": "终止参保/终止",
}


class Participation(Dataset):
    """One row is one spell in which a person is in one state with one insurance."""

    name = "mi_participation"
    title = T("参保状态", "Participation spells")
    synonyms = ("参保登记", "缴费状态")
    owners = ("医保局",)
    key = ("psn_no", "insutype", "start_date")
    main_date = "start_date"

    psn_no = common.psn_no(required=True)
    insutype = common.insutype(required=True)
    start_date = common.start_date()
    status = Column(Code(STATES), "参保状态/缴费状态", en="State", required=True)

    certno = common.certno(required=False, psn_no="psn_no")
    end_date = common.end_date()
    emp_uscc = common.emp_uscc()
    reason = Column(Text(), "变更原因", en="Reason of the change")
