from clew.declare import REGISTER, Column, Dataset, T
from clew.declare.types import Code, Text
from clew.packs.medical_insurance.datasets import common

RELATIONS = {
    "exclusive": "互斥",
    "included": "甲含乙/内涵",
    "panel": "甲为组套，乙为组成/组套",
}
SCOPES = {
    "day": "同日/日",
    "session": "同一单元/单元",
    "stay": "同一住院/住院",
}


class ItemPair(Dataset):
    """One row says how two codes stand to each other when both are charged."""

    name = "mi_item_pair"
    title = T("互斥项目", "Pairs of items")
    synonyms = ("内涵项目", "项目关系")
    owners = ("医保局",)
    mode = REGISTER
    key = ("code_a", "code_b", "relation", "start_date")
    main_date = "start_date"

    code_a = Column(Text(), "项目甲", en="First item", required=True)
    code_b = Column(Text(), "项目乙", en="Second item", required=True)
    relation = Column(Code(RELATIONS), "关系", en="Relation", required=True)
    start_date = common.start_date()

    end_date = common.end_date()
    scope = Column(Code(SCOPES), "范围", en="Charged within one", default="day")
