from clew.declare import Cluster, Column, Dataset, T
from clew.declare.types import Account, Code, Date, Flag, Money, PersonName, Text
from clew.packs.medical_insurance.datasets import common

KINDS = {
    "acct_credit": "个账划入/个人账户划入",
    "chronic": "慢特病待遇",
    "ltc": "长护险/长期护理保险",
    "maf": "医疗救助",
    "premium": "资助参保",
    "reimburse": "零星报销",
    "lump": "一次性支付",
}


class Benefit(Dataset):
    """One row is one payment of a benefit to a person, or of a premium for that person."""

    name = "mi_benefit"
    title = T("待遇支付", "Payments of benefits")
    synonyms = ("待遇发放", "零星报销支付")
    owners = ("医保局",)
    key = ("bnft_id",)
    cluster = Cluster("certno", "period_start")
    main_date = "pay_date"
    fresh_days = 62

    bnft_id = Column(Text(), "支付编号/待遇流水号", en="Payment number", required=True)
    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    kind = Column(Code(KINDS), "待遇类别/支付类型", en="Kind of benefit", required=True)
    period_start = Column(Date(), "待遇开始/所属期起", en="Due from", required=True)
    amount = Column(Money(), "支付金额/待遇金额", en="Amount", required=True)
    pay_date = Column(Date(), "支付日期/发放日期", en="Paid on", required=True)

    period_end = Column(Date(), "所属期止", en="Due until")
    service_date = Column(Date(), "就诊日期", en="Date of the care repaid")
    inherit_flag = Column(Flag(), "继承标志/一次性继承", en="Inherited balance")
    payee_name = Column(PersonName(), "收款人", en="Payee")
    payee_acct = Column(Account(), "收款账号", en="Account of the payee")
    refund_amt = Column(Money(), "退回金额", en="Amount returned")
    refund_date = Column(Date(), "退回日期", en="Returned on")
