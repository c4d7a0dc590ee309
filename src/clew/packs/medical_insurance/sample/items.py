"""Diagnoses with their seasons, and a small catalogue of drugs and service items."""

from __future__ import annotations

from typing import NamedTuple


class Illness(NamedTuple):
    """`months` weighs January to December; ages in years; `dept` the admitting department."""

    code: str
    name: str
    ages: tuple[int, int]
    months: tuple[int, ...]
    dept: str = "03"


SUBSTANCE = 14
"""Characters of a drug code that name the substance and its form."""

EVEN = (1,) * 12
WINTER = (5, 4, 3, 2, 1, 1, 1, 1, 1, 2, 4, 5)
SUMMER = (1, 1, 1, 2, 3, 5, 6, 6, 4, 2, 1, 1)

VISITS = (
    Illness("J06.900", "急性上呼吸道感染", (1, 99), WINTER),
    Illness("J20.900", "急性支气管炎", (1, 99), WINTER),
    Illness("J11.100", "流行性感冒", (1, 99), WINTER),
    Illness("A09.900", "感染性胃肠炎", (1, 99), SUMMER),
    Illness("K52.900", "胃肠炎", (1, 99), SUMMER),
    Illness("I10.x00", "特发性高血压", (40, 99), EVEN),
    Illness("E11.900", "2型糖尿病", (40, 99), EVEN),
    Illness("K29.500", "慢性胃炎", (20, 99), EVEN),
    Illness("M54.500", "腰痛", (25, 99), EVEN),
    Illness("I25.100", "冠状动脉粥样硬化性心脏病", (50, 99), WINTER),
)
STAYS = (
    Illness("J18.900", "肺炎", (1, 99), WINTER),
    Illness("J44.900", "慢性阻塞性肺病", (50, 99), WINTER),
    Illness("I63.900", "脑梗死", (50, 99), WINTER),
    Illness("I50.900", "心力衰竭", (55, 99), WINTER),
    Illness("K80.200", "胆囊结石", (25, 80), SUMMER, "04"),
    Illness("M51.200", "椎间盘移位", (25, 80), EVEN, "04"),
    Illness("N20.000", "肾结石", (20, 80), SUMMER, "04"),
    Illness("S72.000", "股骨颈骨折", (60, 99), EVEN, "04"),
    Illness("E11.900", "2型糖尿病", (40, 99), EVEN),
)
BIRTH = Illness("O80.000", "头位自然分娩", (20, 40), EVEN, "05")
CAESAREAN = Illness("O82.000", "经选择性剖宫产术的分娩", (20, 42), EVEN, "05")
JAUNDICE = Illness("P59.900", "新生儿黄疸", (0, 0), EVEN)
OPERATIONS = {"K80": "51.2300", "M51": "80.5100", "N20": "56.0x00", "S72": "79.3500"}
"""Category → operation code."""
OTHER = Illness("I10.x00", "特发性高血压", (1, 99), EVEN)


class Item(NamedTuple):
    """One code of the catalogue; `price` in fen a unit."""

    code: str
    name: str
    list_type: str
    kind: str
    unit: str
    price: int


class Dose(NamedTuple):
    """Milligrams in a box and at most a day, the days that a box lasts, the diagnoses it serves."""

    box: int
    day: int
    days: int
    categories: tuple[str, ...]


_DRUGS = (
    ("二甲双胍片", 1850, Dose(30000, 2000, 30, ("E11",))),
    ("氨氯地平片", 2200, Dose(150, 10, 30, ("I10",))),
    ("阿托伐他汀片", 3180, Dose(600, 80, 30, ("I25", "I63", "I10"))),
    ("阿莫西林胶囊", 1420, Dose(12000, 4000, 5, ("J06", "J20", "J18", "J02", "J03"))),
    ("布洛芬缓释胶囊", 1690, Dose(6000, 2400, 5, ("J06", "J11", "M54", "M51", "S72", "O80"))),
    ("奥美拉唑肠溶胶囊", 1960, Dose(560, 40, 28, ("K29", "K80"))),
    ("头孢呋辛酯片", 2740, Dose(3000, 1000, 5, ("J20", "J18", "J44", "N20", "K80", "P59"))),
    ("蒙脱石散", 1530, Dose(30000, 9000, 4, ("A09", "K52"))),
    ("氯吡格雷片", 4210, Dose(2100, 75, 28, ("I25", "I63"))),
    ("复方丹参滴丸", 2660, Dose(4860, 810, 15, ("I25", "I50"))),
    ("氨溴索注射液", 980, Dose(15, 90, 1, ("J20", "J18", "J44"))),
    ("左氧氟沙星注射液", 3600, Dose(500, 750, 1, ("A09", "K52", "J18", "N20", "J44"))),
    ("氯化钠注射液", 420, Dose(900, 27000, 1, ("J18", "J44", "I63", "K80", "M51", "N20", "S72",
                                         "E11", "O80", "O82"))),
    ("葡萄糖注射液", 460, Dose(12500, 150000, 1, ("I50", "I63", "P59", "O80", "O82", "S72"))),
)  # fmt: skip
_ITEMS = (
    ("110200001", "普通门诊诊查", "consult", "次", 1000),
    ("120100001", "住院诊查", "consult", "日", 2000),
    ("110900001", "床位", "bed", "日", 5000),
    ("120100003", "二级护理", "nursing", "日", 2600),
    ("120100014", "吸氧", "treat", "小时", 300),
    ("120400006", "静脉输液", "treat", "组", 1200),
    ("210103001", "胸部X线摄影", "exam", "次", 8000),
    ("210300001", "胸部CT平扫", "exam", "次", 22000),
    ("220301001", "腹部彩色超声", "exam", "次", 12000),
    ("250101015", "血常规", "lab", "次", 2000),
    ("250303001", "血糖测定", "lab", "次", 600),
    ("250301001", "肝功能测定", "lab", "次", 4800),
    ("331002004", "腹腔镜胆囊切除", "operation", "次", 210000),
    ("340200001", "运动疗法", "rehab", "次", 4000),
    ("360100001", "遗体料理", "mortuary", "次", 30000),
    ("360100002", "遗体冷藏", "mortuary", "日", 12000),
    ("360200001", "尸体解剖", "autopsy", "次", 150000),
)
DRUGS = tuple(
    Item(
        f"XA{n:02d}BAB{n:03d}A001010{n:03d}{n:04d}",
        name,
        "drug",
        "drug",
        "盒",
        price,
    )
    for n, (name, price, _) in enumerate(_DRUGS, 1)
)
DOSES = {item.code: dose for item, (_, _, dose) in zip(DRUGS, _DRUGS, strict=True)}
ITEMS = {
    local: Item(f"00{local}0000-{local}", name, "item", kind, unit, price)
    for local, name, kind, unit, price in _ITEMS
}
BED, NURSING, CONSULT = ITEMS["110900001"], ITEMS["120100003"], ITEMS["110200001"]
INFUSION, CT, BLOOD = ITEMS["120400006"], ITEMS["210300001"], ITEMS["250101015"]
MORTUARY, AUTOPSY = ITEMS["360100001"], ITEMS["360200001"]


def catalogue_rows() -> list[dict[str, str]]:
    """Rows of mi_catalogue."""
    return [
        {
            "med_list_codg": i.code,
            "name": i.name,
            "list_type": i.list_type,
            "start_date": "2020-01-01",
            "kind": i.kind,
            "unit": i.unit,
            "local_code": i.code.rpartition("-")[2] if i.list_type == "item" else "",
        }
        for i in (*DRUGS, *ITEMS.values())
    ]


def drug_rows() -> list[dict[str, str]]:
    """Rows of mi_drug: what is in a box and what a day may hold, in milligrams."""
    return [
        {
            "med_list_codg": code,
            "start_date": "2020-01-01",
            "substance": code[:SUBSTANCE],
            "dose_per_unit": str(dose.box),
            "max_daily_dose": str(dose.day),
            "dose_unit": "mg",
            "child_only": "0",
            "resale_flag": "0",
        }
        for code, dose in DOSES.items()
    ]


def indication_rows() -> list[dict[str, str]]:
    """Rows of mi_drug_indication."""
    return [
        {"substance": code[:SUBSTANCE], "icd_category": category}
        for code, dose in DOSES.items()
        for category in dose.categories
    ]
