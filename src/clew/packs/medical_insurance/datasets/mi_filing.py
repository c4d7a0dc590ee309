from clew.declare import Column, Dataset, T
from clew.declare.types import Code, Decimal, Flag, Integer, PersonId, PersonName, Text
from clew.packs.medical_insurance.datasets import common

KINDS = {
    "remote": "异地/异地就医",
    "chronic": "慢特病",
    "long_rx": "长处方",
    "pickup": "代配药",
    "replace": "遗失补配",
    "staged": "分期手术",
    "rehab_ext": "康复延期",
    "cto": "慢性闭塞病变",
}


class Filing(Dataset):
    """One row is one filing that lets a person do what would otherwise look wrong."""

    name = "mi_filing"
    title = T("备案登记", "Filings")
    synonyms = ("备案信息", "代配药登记")
    owners = ("医保局",)
    key = ("filing_id",)
    main_date = "start_date"

    filing_id = Column(Text(), "备案编号/登记编号", en="Filing number", required=True)
    kind = Column(Code(KINDS), "备案类型/备案类别", en="Kind of filing", required=True)
    certno = common.certno()
    start_date = common.start_date()

    end_date = common.end_date()
    fixmedins_code = common.fixmedins_code()
    diag_code = common.diag_code()
    substance = common.substance()
    days = Column(Integer(), "处方天数", en="Days prescribed")
    qty = Column(Decimal(), "备案数量", en="Quantity filed")
    post_flag = Column(Flag(), "邮寄", en="By post")
    collector_certno = Column(
        PersonId(person_name="collector_name"), "代办人证件号", en="Collected by (document)"
    )
    collector_name = Column(PersonName(), "代办人姓名", en="Collected by")
    doc_no = common.doc_no()
