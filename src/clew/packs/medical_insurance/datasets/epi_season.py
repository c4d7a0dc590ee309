from clew.declare import Column, Dataset, T
from clew.declare.types import Decimal, Text
from clew.packs.medical_insurance.datasets import common


class Season(Dataset):
    """One row is how common one category of diagnosis was in one month; 1 is usual."""

    name = "epi_season"
    title = T("流行指数", "Epidemic season index")
    synonyms = ("流行季节", "传染病监测")
    owners = ("卫健委",)
    key = ("icd_category", "month")
    main_date = "month"
    fresh_days = 62

    icd_category = Column(Text(), "诊断类目", en="Category of diagnosis", required=True)
    month = common.month()
    index = Column(Decimal(), "流行指数", en="Index, 1 is the month's usual level", required=True)
