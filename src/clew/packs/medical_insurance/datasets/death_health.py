from clew.declare import Column, Dataset, T
from clew.declare.types import Address, Diagnosis, Text, Timestamp
from clew.packs.medical_insurance.datasets import common


class DeathHealth(Dataset):
    """One row is one certificate by which a hospital attests a death."""

    name = "death_health"
    title = T("死亡医学证明", "Death certificates")
    synonyms = ("死亡证明", "死亡登记")
    owners = ("卫健委",)
    key = ("cert_no",)
    main_date = "death_time"
    fresh_days = 62
    volume = common.DEATHS

    cert_no = Column(
        Text(), "死亡证明编号/死亡医学证明书编号", en="Certificate number", required=True
    )
    certno = common.certno(psn_name="psn_name")
    psn_name = common.psn_name()
    death_time = Column(Timestamp(), "死亡时间/死亡日期", en="Died at", required=True)

    gend = common.gend()
    brdy = common.brdy()
    addr = Column(Address(), "户籍地址/常住地址", en="Address")
    tel = common.tel()
    place = Column(Text(), "死亡地点", en="Place of death")
    cause_icd = Column(Diagnosis(), "根本死因/死因编码", en="Underlying cause")
