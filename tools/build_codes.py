"""Builds the subsets of the national diagnosis and operation catalogues that the package ships.

    python tools/build_codes.py DATA_FOLDER

DATA_FOLDER holds `codes/icd10-yb/` with ZD_INFO.dat (diagnoses) and SS_INFO.dat (operations), a
line each: code, blank, name. Writes diagnoses.tsv and operations.tsv into
src/clew/kernel/tables/. No count of use is published, so "frequent" is the list below.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

TABLES = Path(__file__).parents[1] / "src" / "clew" / "kernel" / "tables"
SOURCE = """\
# Source: public copy of the catalogue of the national medical insurance (Apache-2.0), {file};
# codes and names unchanged, rows selected. Full catalogues load with `Catalogue.load`.
# Written by tools/build_codes.py.
"""
DIAGNOSES = (
    """\
# A SUBSET of the national medical-insurance ICD-10 catalogue: {count} of {all} diagnosis codes,
# at least one of each of the {groups} three-character categories, all four-character
# subcategories of the frequent ones. Frequent categories also have a row of their own, named
# as in GB/T 14396.
"""
    + SOURCE
)
OPERATIONS = (
    """\
# A SUBSET of the national medical-insurance ICD-9-CM-3 catalogue: {count} of {all} operation
# codes, at least one of each of the {groups} three-digit groups, all four-digit codes of the
# frequent groups.
"""
    + SOURCE
)

FREQUENT_CATEGORIES = {
    "A09": "传染性和未特指病因的其他胃肠炎和结肠炎",
    "A15": "呼吸道结核病，经细菌学和组织学证实",
    "A16": "呼吸道结核病，未经细菌学或组织学证实",
    "B18": "慢性病毒性肝炎",
    "C16": "胃恶性肿瘤",
    "C18": "结肠恶性肿瘤",
    "C20": "直肠恶性肿瘤",
    "C22": "肝和肝内胆管恶性肿瘤",
    "C34": "支气管和肺恶性肿瘤",
    "C50": "乳房恶性肿瘤",
    "C73": "甲状腺恶性肿瘤",
    "D25": "子宫平滑肌瘤",
    "E04": "其他非毒性甲状腺肿",
    "E10": "1型糖尿病",
    "E11": "2型糖尿病",
    "E78": "脂蛋白代谢疾患和其他脂血症",
    "F20": "精神分裂症",
    "F32": "抑郁发作",
    "G40": "癫痫",
    "G45": "短暂性大脑缺血性发作和相关的综合征",
    "H25": "老年性白内障",
    "H81": "前庭功能疾患",
    "I10": "特发性（原发性）高血压",
    "I11": "高血压心脏病",
    "I20": "心绞痛",
    "I21": "急性心肌梗死",
    "I25": "慢性缺血性心脏病",
    "I46": "心脏停搏",
    "I48": "心房颤动和扑动",
    "I50": "心力衰竭",
    "I61": "脑内出血",
    "I63": "脑梗死",
    "I67": "其他脑血管病",
    "I69": "脑血管病后遗症",
    "I83": "下肢静脉曲张",
    "J06": "多发性和未特指部位的急性上呼吸道感染",
    "J11": "流行性感冒，病毒未标明",
    "J15": "细菌性肺炎，不可归类在他处者",
    "J18": "肺炎，病原体未特指",
    "J20": "急性支气管炎",
    "J42": "未特指的慢性支气管炎",
    "J44": "其他慢性阻塞性肺病",
    "J45": "哮喘",
    "K25": "胃溃疡",
    "K26": "十二指肠溃疡",
    "K29": "胃炎和十二指肠炎",
    "K35": "急性阑尾炎",
    "K40": "腹股沟疝",
    "K52": "其他非感染性胃肠炎和结肠炎",
    "K80": "胆石症",
    "K81": "胆囊炎",
    "M17": "膝关节病",
    "M47": "脊椎关节强硬",
    "M48": "其他脊椎病",
    "M50": "颈椎间盘疾患",
    "M51": "其他椎间盘疾患",
    "M54": "背痛",
    "N18": "慢性肾脏病",
    "N20": "肾和输尿管结石",
    "N39": "泌尿系统的其他疾患",
    "N40": "前列腺增生",
    "O20": "妊娠早期出血",
    "O24": "妊娠期糖尿病",
    "O60": "早产",
    "O80": "单胎顺产",
    "O82": "经剖宫产术的单胎分娩",
    "P59": "其他和未特指原因所致的新生儿黄疸",
    "R42": "头晕和眩晕",
    "S06": "颅内损伤",
    "S22": "肋骨、胸骨和胸部脊柱骨折",
    "S32": "腰部脊柱和骨盆骨折",
    "S52": "前臂骨折",
    "S72": "股骨骨折",
    "S82": "小腿（包括踝）骨折",
    "T23": "腕和手的烧伤和腐蚀伤",
    "T24": "髋和下肢的烧伤和腐蚀伤，除外踝和足",
    "T31": "根据累及体表范围分类的烧伤",
    "Z34": "正常妊娠监督",
    "Z38": "按出生地点分类的活产婴儿",
    "Z49": "涉及透析的医疗",
    "Z51": "其他医疗照顾",
}
FREQUENT_GROUPS = """
00.4 00.5 00.6 06.2 06.3 06.4 13.1 13.4 13.7 32.2 32.3 32.4 33.2 36.0 36.1 37.2 37.8 38.5 38.9 39.9
42.3 43.4 43.6 43.7 44.1 44.4 45.1 45.2 45.4 45.7 47.0 48.6 49.4 50.2 51.2 51.8 53.0 53.1 53.4 54.2
55.0 55.2 55.4 56.0 56.3 57.3 57.4 57.9 60.2 63.3 68.2 68.3 68.4 68.5 69.0 73.5 73.6 74.1 77.6 78.6
79.1 79.3 80.2 80.5 81.0 81.5 83.4 84.1 85.2 85.4 86.2 86.5 86.6 87.4 88.3 88.7 89.5 92.2 93.3 93.9
96.7 99.1 99.2 99.8
"""


def catalogue(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return dict(line.strip().split(" ", 1) for line in lines if line.strip())


def plain_codes(codes: Iterable[str]) -> list[str]:
    """Codes of the international level: ending in 00, neither extended nor paired."""
    return [code for code in codes if code.endswith("00") and "+" not in code and code[-4] != "x"]


def diagnoses(names: dict[str, str]) -> dict[str, str]:
    chosen = dict(FREQUENT_CATEGORIES)
    for code in plain_codes(names):
        if code[:3] in FREQUENT_CATEGORIES:
            chosen[code] = names[code]
    return chosen | one_of_each(names, 3)


def operations(names: dict[str, str]) -> dict[str, str]:
    frequent = FREQUENT_GROUPS.split()
    chosen = {code: names[code] for code in plain_codes(names) if code[:4] in frequent}
    return chosen | one_of_each(names, 4)


def one_of_each(names: dict[str, str], length: int) -> dict[str, str]:
    """For each prefix its unspecified code (9 or x), else its first plain one, else its first."""
    groups: dict[str, list[str]] = {}
    for code in names:
        groups.setdefault(code[:length], []).append(code)
    chosen = {}
    for prefix, codes in groups.items():
        wanted = [f"{prefix}.900", f"{prefix}.x00", f"{prefix}900", *plain_codes(codes), *codes]
        code = next(code for code in wanted if code in names)
        chosen[code] = names[code]
    return chosen


def write(name: str, header: str, source: str, rows: dict[str, str], full: dict[str, str]) -> None:
    length = 3 if name == "diagnoses" else 4
    groups = len({code[:length] for code in full})
    count = len(rows.keys() & full.keys())
    with (TABLES / f"{name}.tsv").open("w", encoding="utf-8", newline="\n") as table:
        table.write(header.format(file=source, count=count, all=len(full), groups=groups))
        table.writelines(f"{code}\t{rows[code]}\n" for code in sorted(rows))
    print(f"{len(rows)} rows -> {name}.tsv")


def main() -> None:
    folder = Path(sys.argv[1]) / "codes" / "icd10-yb"
    full = catalogue(folder / "ZD_INFO.dat")
    write("diagnoses", DIAGNOSES, "ZD_INFO.dat", diagnoses(full), full)
    full = catalogue(folder / "SS_INFO.dat")
    write("operations", OPERATIONS, "SS_INFO.dat", operations(full), full)


if __name__ == "__main__":
    main()
