from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Date, Integer, Money, Text
from clew.packs.medical_insurance.datasets import common

DELIVERIES = {
    "1": "顺产/正常分娩",
    "2": "难产/剖宫产",
    "3": "多胞胎/多胎",
    "4": "流产",
}


class Maternity(Dataset):
    """One row is one claim of maternity allowance: one birth, one mother, one employer."""

    name = "mi_maternity"
    title = T("生育津贴", "Maternity claims")
    synonyms = ("生育待遇", "生育保险支付")
    owners = ("医保局",)
    key = ("claim_no",)
    main_date = "pay_date"
    fresh_days = 93

    claim_no = Column(Text(), "申领编号/支付编号", en="Claim number", required=True)
    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    emp_uscc = common.emp_uscc(required=True)
    dlvy_date = Column(Date(), "分娩日期/生育日期", en="Delivered on", required=True)
    leave_days = Column(Integer(), "产假天数/享受天数", en="Days of leave", required=True)
    allow_base = Column(
        Money(), "计发基数/津贴基数", en="Base of the allowance, a month", required=True
    )
    allow_paid = Column(Money(), "津贴金额/支付金额", en="Allowance paid", required=True)
    pay_date = Column(Date(), "支付日期", en="Paid on", required=True)

    dlvy_type = Column(Code(DELIVERIES, open_list=True), "分娩方式/生育类别", en="Kind of delivery")
    birth_cert_no = Column(Text(), "出生医学证明编号", en="Birth certificate number")
