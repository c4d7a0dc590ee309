from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Code, Flag
from clew.packs.medical_insurance.datasets import common

STATES = {
    "signed": "签约/签订",
    "suspended": "暂停",
    "interrupted": "中止",
    "terminated": "解除",
}


class Agreement(Dataset):
    """One row is one spell of an institution's service agreement in one state.

    Without a department it is the state of the whole institution.
    """

    name = "mi_agreement"
    title = T("协议状态", "Agreement status")
    synonyms = ("协议管理", "协议处理")
    owners = ("医保局",)
    mode = REGISTER
    key = ("fixmedins_code", "status", "start_date")
    main_date = "start_date"

    fixmedins_code = common.fixmedins_code(required=True)
    status = Column(Code(STATES), "协议状态/处理方式", en="State of the agreement", required=True)
    start_date = common.start_date()

    end_date = common.end_date()
    dept_codg = common.dept_codg()
    doc_no = common.doc_no()
    critical_transfer = Column(Flag(), "允许危重转诊", en="Critical transfers allowed")
