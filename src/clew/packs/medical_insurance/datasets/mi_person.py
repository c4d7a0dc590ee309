from clew.declare import Column, Dataset, T
from clew.declare.types import Address, Date, Division
from clew.packs.medical_insurance.datasets import common


class Person(Dataset):
    """One row is one insured number and the person it was issued to."""

    name = "mi_person"
    title = T("参保人员", "Insured persons")
    synonyms = ("参保人信息", "人员基本信息")
    owners = ("医保局",)
    key = ("psn_no",)
    volume = common.POPULATION

    psn_no = common.psn_no(required=True)
    certno = common.certno(psn_name="psn_name", psn_no="psn_no")
    psn_name = common.psn_name()

    gend = common.gend()
    brdy = common.brdy()
    hukou_div = common.hukou_div()
    resd_div = Column(Division(), "居住区划", en="Division of residence")
    resd_village = Column(
        Division(), "居住村社区代码/村居代码", en="Village or community of residence"
    )
    addr = Column(Address(), "地址/居住地址", en="Address")
    emp_uscc = common.emp_uscc()
    psn_type = common.psn_type()
    tel = common.tel()
    card_void_date = Column(Date(), "停卡日期", en="Card void from")
