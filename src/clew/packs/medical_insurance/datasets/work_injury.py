from clew.declare import Column, Dataset, T
from clew.declare.types import Date, DiagnosisName, Text
from clew.packs.medical_insurance.datasets import common


class WorkInjury(Dataset):
    """One row is one injury that was recognised as an injury at work."""

    name = "work_injury"
    title = T("工伤认定", "Work injuries")
    synonyms = ("工伤信息", "工伤登记")
    owners = ("人社局",)
    key = ("rec_no",)
    main_date = "inj_date"
    # An injury is often recognised months after it happened.
    fresh_days = 366

    rec_no = Column(Text(), "认定书编号", en="Recognition number", required=True)
    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    inj_date = Column(Date(), "受伤日期/事故日期", en="Injured on", required=True)

    rec_date = Column(Date(), "认定日期", en="Recognised on")
    emp_uscc = common.emp_uscc()
    inj_part = Column(DiagnosisName(), "伤害部位", en="Injured part")
