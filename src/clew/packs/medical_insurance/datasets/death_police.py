from clew.declare import Column, Dataset, T
from clew.declare.types import Date, Text
from clew.packs.medical_insurance.datasets import common


class DeathPolice(Dataset):
    """One row is one cancellation in the household register; only those for death count."""

    name = "death_police"
    title = T("户籍注销", "Deaths in the household register")
    synonyms = ("死亡注销", "户口注销")
    owners = ("公安局",)
    key = ("certno", "cancel_date")
    main_date = "cancel_date"
    fresh_days = 62
    volume = common.DEATHS

    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    cancel_date = Column(Date(), "注销日期/户口注销日期", en="Cancelled on", required=True)

    death_date = Column(Date(), "死亡日期", en="Died on")
    reason = Column(Text(), "注销原因", en="Reason of cancellation")
