from clew.declare import Column, Dataset, T
from clew.declare.types import Money, Month
from clew.packs.medical_insurance.datasets import common


class TaxWage(Dataset):
    """One row is one person's taxed wage at one employer in one month."""

    name = "tax_wage"
    title = T("个税扣缴", "Wage tax")
    synonyms = ("工资薪金个税", "个人所得税")
    owners = ("税务局",)
    key = ("certno", "emp_uscc", "month")
    main_date = "month"
    fresh_days = 62

    certno = common.certno(psn_name="psn_name")
    emp_uscc = common.emp_uscc(required=True)
    month = Column(Month(), "税款所属期/所得月份", en="Month", required=True)
    wage_income = Column(Money(), "工资薪金收入/收入额", en="Wage", required=True)

    psn_name = common.psn_name(required=False)
