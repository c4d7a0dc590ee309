from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Date, Money, Text
from clew.packs.medical_insurance.datasets import common

KINDS = {"subsidy": "补助/财政补助", "refund": "退库/退回"}


class FiscalRefund(Dataset):
    """One row is one voucher of the treasury: a subsidy paid out, or money that came back."""

    name = "fiscal_refund"
    title = T("财政补助", "Subsidies, refunds to the treasury")
    synonyms = ("退库信息", "财政资金")
    owners = ("财政局",)
    key = ("voucher_no",)
    main_date = "date"
    fresh_days = 93

    voucher_no = Column(Text(), "凭证号/凭证编号", en="Voucher number", required=True)
    kind = Column(Code(KINDS), "资金类型/业务类型", en="Kind of money", required=True)
    date = Column(Date(), "入账日期/日期", en="Entered on", required=True)
    amount = Column(Money(), "凭证金额/金额", en="Amount", required=True)

    fixmedins_code = common.fixmedins_code()
