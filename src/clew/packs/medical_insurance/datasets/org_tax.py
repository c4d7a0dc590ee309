from clew.declare import Column, Dataset, T
from clew.declare.types import Integer, Money
from clew.packs.medical_insurance.datasets import common


class OrgTax(Dataset):
    """One row is one organisation's tax, invoices and declared wage earners of one month."""

    name = "org_tax"
    title = T("企业纳税", "Tax and invoices by month")
    synonyms = ("税务申报", "开票信息")
    owners = ("税务局",)
    key = ("emp_uscc", "month")
    main_date = "month"
    fresh_days = 62

    emp_uscc = common.own_uscc()
    month = common.month()
    tax_paid = Column(Money(), "入库税额/纳税额", en="Tax paid", required=True)
    invo_cnt = Column(Integer(), "开票份数", en="Invoices issued", required=True)

    invo_amt = Column(Money(), "开票金额", en="Amount invoiced")
    wage_headcount = Column(Integer(), "工资申报人数", en="Wage earners declared")
