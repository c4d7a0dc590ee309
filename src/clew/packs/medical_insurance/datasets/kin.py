from clew.declare import Column, Dataset, T
from clew.declare.types import Code, PersonId, Text
from clew.packs.medical_insurance.datasets import common

RELATIONS = {
    "spouse": "配偶/夫妻/丈夫/妻子",
    "parent": "父母/父亲/母亲",
    "child": "子女/儿子/女儿",
    "sibling": "兄弟姐妹",
}


class Kin(Dataset):
    """One row says what the second person is to the first."""

    name = "kin"
    title = T("亲属关系", "Family relations")
    synonyms = ("户内关系", "家庭成员")
    owners = ("公安局", "民政局")
    key = ("certno", "kin_certno")

    certno = common.certno()
    kin_certno = Column(PersonId(), "亲属证件号", en="Relative's document number", required=True)
    relation = Column(Code(RELATIONS), "关系/与本人关系", en="Relation", required=True)

    source = Column(Text(), "来源/数据来源", en="Source")
    start_date = common.start_date(required=False)
    end_date = common.end_date()
