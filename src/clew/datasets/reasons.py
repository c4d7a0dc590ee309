"""What is wrong with a cell or row, and its cure, in words that a clerk reads.

Kernel and ingestion speak in codes (`D08_IMPOSSIBLE`); this is the only place that words them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clew.datasets.contracts import form
from clew.declare import Column, Dataset, T


@dataclass(frozen=True, slots=True)
class Reason:
    """`what` names the dirt, `cure` says what its owner does about it."""

    what: T
    cure: T

    def of(self, language: str) -> str:
        return f"{self.what.of(language)}{_JOIN[language]}{self.cure.of(language)}"


_JOIN = {"zh": ", ", "en": "; "}


def _reason(zh: str, cure_zh: str, en: str, cure_en: str) -> Reason:
    return Reason(T(zh, en), T(cure_zh, cure_en))


FAULTS: Mapping[str, Reason] = MappingProxyType(
    {
        "EMPTY": _reason("单元格为空", "请补填", "the cell is empty", "fill it in"),
        "SHAPE": _reason(
            "格式不对", "请对照填报说明改正", "not of the expected form", "see the guide sheet"
        ),
        "RANGE": _reason(
            "数值超出范围", "请核对位数和单位",
            "the number is out of range", "check digits and unit",
        ),
        "CHECK_DIGIT": _reason(
            "校验位不符, 号码有误", "请核对原始证件",
            "the check character does not fit", "compare with the document itself",
        ),
        "BIRTH_DATE": _reason(
            "证件号码中的出生日期不成立", "请核对原始证件",
            "the birth date inside the number is impossible", "compare with the document itself",
        ),
        "DIVISION": _reason(
            "行政区划代码不存在", "请核对前六位",
            "no such administrative division", "check the first six digits",
        ),
        "ORGANISATION_CODE": _reason(
            "内含的组织机构代码校验位不符", "请核对登记证 (仅提醒)",
            "the organisation code inside fails its check", "check the certificate (a warning)",
        ),
        "UNKNOWN_CODE": _reason(
            "代码不在目录中", "请从下拉列表或现行目录中选择",
            "the code is not in the list", "choose from the drop-down or the current catalogue",
        ),
        "TRUNCATED": _reason(
            "文件在此行中断", "请重新导出完整文件, 或补全此行",
            "the file breaks off in this row", "export it again, or complete the row",
        ),
        "QUOTES": _reason(
            "引号不成对, 整行无法分列", "请核对各列内容",
            "a quotation mark is never closed", "check every cell of the row",
        ),
        "COLUMN_COUNT": _reason(
            "列数与表头不一致", "请把内容移到正确的列",
            "more or fewer cells than headers", "move each cell under its header",
        ),
        "TOO_LONG": _reason(
            "单元格内容过长", "请缩短", "a cell is far too long", "shorten it"
        ),
        "ERROR_CELL": _reason(
            "公式出错的单元格 (如 #N/A), 按空值处理", "请改正公式或直接填值",
            "a cell that shows an error such as #N/A, read as empty",
            "mend the formula or type the value",
        ),
        "D01_PRECISION_LOST": _reason(
            "号码被电子表格转成科学计数法, 后几位已丢失", "请从原系统重新取号, 以文本格式填写",
            "a spreadsheet turned the number into 3.3E+17 and lost its last digits",
            "take it from the source system, as text",
        ),
        "D03_EMPTY": _reason(
            "证件号码为空", "请补填", "the document number is empty", "fill it in"
        ),
        "D03_PLACEHOLDER": _reason(
            "占位内容, 不是真实的值", "请填写真实内容, 没有则留空",
            "a placeholder, not a value", "give the real value, or leave it empty",
        ),
        "D08_PLACEHOLDER": _reason(
            "占位日期 (如 1900-01-01)", "请填写真实日期",
            "a placeholder date such as 1900-01-01", "give the real date",
        ),
        "D08_IMPOSSIBLE": _reason(
            "日期不存在", "请改为实际日期, 如 2023-02-09",
            "no such date", "give the real one, such as 2023-02-09",
        ),
        "D08_UNREADABLE": _reason(
            "看不懂的日期", "请写成 2023-02-09 或 2023-02-09 08:30",
            "a date that cannot be read", "write 2023-02-09 or 2023-02-09 08:30",
        ),
        "D08_FUTURE": _reason(
            "日期晚于送交日", "请核对年份 (仅提醒)",
            "later than the day of delivery", "check the year (a warning)",
        ),
        "D16_UNKNOWN": _reason(
            "地址中看不出县(市、区)", "请从县(市、区)写起 (仅提醒)",
            "no county is named in the address", "begin with the county (a warning)",
        ),
        "D16_AMBIGUOUS": _reason(
            "地址的县(市、区)不唯一或前后矛盾", "请写明省、市、县 (仅提醒)",
            "several counties could be meant, or the levels contradict each other",
            "name province, city and county (a warning)",
        ),
        "D15_ORPHAN": _reason(
            "冲销行找不到原结算", "请核对原结算编号, 或补送原结算 (仅提醒)",
            "a reversal whose original is not held",
            "check the number of the original, or deliver it (a warning)",
        ),
    }
)  # fmt: skip
"""Codes that leave a cell without a usable value, or warn about it."""

REPAIRS: Mapping[str, T] = MappingProxyType(
    {
        "D01": T("号码已规范: 15 位升 18 位、小写 x、全角、空格、撇号",
                 "number tidied: 15 digits, small x, full width, blanks, apostrophe"),
        "D02": T("号码错一位, 已按已知人员更正", "one wrong character, mended from a known person"),
        "D03": T("占位内容按空值处理", "placeholder read as empty"),
        "D04": T("繁体、异体字已规范", "traditional or variant characters normalised"),
        "D05": T("同音、形近字", "homophone or look-alike characters"),
        "D06": T("姓名中的空格、称谓已去掉", "blanks and titles taken out of a name"),
        "D07": T("一号多名或一人多号", "one number with two names, or two numbers of one person"),
        "D08": T("日期写法已规范", "date form normalised"),
        "D09": T("金额写法已规范: 千分位、万元、大写", "amount read from another form or unit"),
        "D10": T("重复报送", "sent more than once"),
        "D11": T("单位名称已规范", "name of an organisation normalised"),
        "D12": T("旧行政区划代码已对应到现行代码", "old division code mapped to the present one"),
        "D13": T("编码、表头、合计行已处理", "encoding, header or totals row dealt with"),
        "D14": T("表头同义词已识别", "header synonym recognised"),
        "D15": T("红冲、退费", "reversal"),
        "D16": T("地址已解析到区划", "address parsed to its division"),
        "D17": T("文字识别差错", "character error of a scanned page"),
    }
)  # fmt: skip
"""The dirt catalogue: what was mended on the way in, the original kept beside it."""


def fault(code: str) -> Reason:
    """The words for a fault. A code without words names itself rather than hiding the row."""
    known = FAULTS.get(code)
    if known is not None:
        return known
    if code in REPAIRS:
        return Reason(REPAIRS[code], T("请核对", "please check"))
    return _reason(f"问题 {code}", "请核对", f"problem {code}", "please check")


def title(code: str) -> T:
    """Short name of any code, fault or repair."""
    return REPAIRS[code] if code in REPAIRS else fault(code).what


def wanted(code: str, column: Column | None) -> T | None:
    """The form a cell should have, where its form is what is wrong."""
    if column is None or code not in ("SHAPE", "RANGE"):
        return None
    found = form(column.type)
    return T(
        f"应为{found.how.zh}, 如 {found.example}", f"give {found.how.en}, such as {found.example}"
    )


def sentence(reason: str, contract: type[Dataset] | None, header: str = "") -> T:
    """One "column:CODE" of the quarantine as a sentence.

    The column is named by the owner's `header`, else by its title.
    """
    column, _, code = reason.partition(":")
    words = fault(code)
    if not column:
        return T(words.of("zh"), words.of("en"))
    declared = contract.columns.get(column) if contract else None
    words = Reason(words.what, wanted(code, declared) or words.cure)
    name = declared.title if declared else T(column, column)
    return T(f"{header or name.zh}: {words.of('zh')}", f"{name.en}: {words.of('en')}")
