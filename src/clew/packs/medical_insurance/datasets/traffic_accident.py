from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Money, Text, Timestamp
from clew.packs.medical_insurance.datasets import common

LIABILITIES = {
    "full": "全部/全部责任/全责",
    "main": "主要/主要责任/主责",
    "equal": "同等/同等责任",
    "minor": "次要/次要责任/次责",
    "none": "无/无责任/无责",
}


class Accident(Dataset):
    """One row is one person of one traffic accident, with the liability found."""

    name = "traffic_accident"
    title = T("交通事故", "Traffic accidents")
    synonyms = ("事故认定", "道路交通事故")
    owners = ("公安局",)
    key = ("accd_no", "certno")
    main_date = "accd_time"
    fresh_days = 93

    accd_no = Column(Text(), "事故编号", en="Accident number", required=True)
    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    accd_time = Column(Timestamp(), "事故时间", en="Happened at", required=True)

    liability = Column(Code(LIABILITIES), "责任", en="Liability of the person")
    insurer_paid = Column(Money(), "保险赔付", en="Paid by the insurer")
