from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Decimal
from clew.packs.medical_insurance.datasets import common


class PriceLimit(Dataset):
    """One row is the highest price of a code at one level of institution in one spell."""

    name = "mi_price_limit"
    title = T("限价表", "Price limits")
    synonyms = ("最高限价", "收费标准")
    owners = ("医保局",)
    mode = REGISTER
    key = ("med_list_codg", "hosp_lv", "start_date")
    main_date = "start_date"

    med_list_codg = common.med_list_codg(required=True)
    hosp_lv = common.hosp_lv(required=True)
    pric = Column(Decimal(), "限价", en="Highest unit price in yuan", required=True)
    start_date = common.start_date()

    end_date = common.end_date()
