from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Decimal, Flag, Text
from clew.packs.medical_insurance.datasets import common


class Drug(Dataset):
    """One row is one drug code with its doses, and whether it is often resold, in one spell."""

    name = "mi_drug"
    title = T("药品目录", "Drugs: doses, resale list")
    synonyms = ("药品用量表", "重点药品名单")
    owners = ("医保局",)
    mode = REGISTER
    key = ("med_list_codg", "start_date")
    main_date = "start_date"

    med_list_codg = common.med_list_codg(required=True)
    dose_per_unit = Column(Decimal(), "每计价单位剂量", en="Dose in a unit of price", required=True)
    max_daily_dose = Column(
        Decimal(), "最大日剂量/日极量", en="Highest daily dose, same unit of dose", required=True
    )
    start_date = common.start_date()

    end_date = common.end_date()
    substance = common.substance()
    dose_unit = Column(Text(), "剂量单位", en="Unit of dose")
    unit_per_pack = Column(Decimal(), "包装系数", en="Units of price in a pack")
    child_only = Column(Flag(), "儿童专用", en="For children only")
    resale_flag = Column(Flag(), "易倒卖", en="Often resold")
    resale_source = Column(Text(), "名单来源", en="Source of that judgement")
