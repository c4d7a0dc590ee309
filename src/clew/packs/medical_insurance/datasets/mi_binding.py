from clew.declare import Column, Dataset, T
from clew.declare.types import Code, PersonId
from clew.packs.medical_insurance.datasets import common


class Binding(Dataset):
    """One row is one spell in which a relative may pay from the owner's account."""

    name = "mi_binding"
    title = T("家庭共济绑定", "Family mutual aid")
    synonyms = ("共济关系", "共济备案")
    owners = ("医保局",)
    key = ("owner_certno", "member_certno", "start_date")
    main_date = "start_date"

    owner_certno = Column(
        PersonId(), "账户所有人证件号/授权人证件号", en="Owner of the account", required=True
    )
    member_certno = Column(
        PersonId(), "使用人证件号/被授权人证件号", en="Relative who may use it", required=True
    )
    start_date = common.start_date("绑定日期/授权日期", en="Bound on")

    end_date = common.end_date("解绑日期", en="Unbound on")
    relation = Column(
        Code({"spouse": "配偶", "parent": "父母", "child": "子女"}),
        "与所有人关系",
        en="Relation to the owner",
    )
