"""Dirt that shows only in whole files, or between them."""

from __future__ import annotations

import io

from xlsxwriter import Workbook

from clew.declare import T
from tests.spec.dirt.case import Scene, lines, number

AN, BO, CHEN = number(805), number(850), number(911, "19501231")
TWIN = number(815)
REGISTER = "身份证号,姓名,曾用名"
DEATHS = "死亡证明编号,身份证号,姓名,死亡时间"
BILLS = (
    "结算流水号,就诊ID,身份证号,姓名,出生日期,定点医药机构编号,医疗类别,开始时间,结算时间,"
    "总费用,基金支付,个人账户支出,冲销标志,原结算ID,上传时间"
)
TOTAL = "mi_settlement: setl_id, medfee_sumamt"


def bill(
    key: str, certno: str = AN, name: str = "安一", total: str = "100.00", *,
    born: str = "", reverses: str = "", sent: str = "", day: str = "2023-04-01",
) -> str:  # fmt: skip
    fund = f"-{total[1:]}" if total.startswith("-") else total
    return (
        f"{key},M{key},{certno},{name},{born},P33030200001,41,{day} 10:00:00,{day} 10:00:00,"
        f"{total},{fund},0,{'1' if reverses else '0'},{reverses},{sent}"
    )


def letter(text: str, place: int) -> str:
    return text[:place] + {"0": "O", "1": "I", "5": "S"}[text[place]] + text[place + 1 :]


def digit(text: str, place: int) -> str:
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def mistyped(
    zh: str, en: str, text: str, name: str, holder: str = "", born: str = "", reason: str = "",
    others: tuple[str, ...] = (),
) -> Scene:  # fmt: skip
    """A register that holds 安一, and a settlement under a number like hers."""
    register = lines(REGISTER, f"{AN},安一,安旧", *others)
    return Scene(
        "D02", T(zh, en),
        (("人口信息.csv", register),
         ("结算信息.csv", lines(BILLS, bill("S1", text, name, born=born)))),
        (f"published {1 + len(others)}={1 + len(others)}+0+0",
         f"published 1=1+0+0 {reason or 'CHECK_DIGIT'}"),
        links=((2, holder),) if holder else (), spared=not holder,
    )  # fmt: skip


def named(
    zh: str, en: str, first: str, second: str, *, conflicts: tuple[str, ...] = (),
    code: str = "D07", spared: bool = False, told: str = "",
) -> Scene:  # fmt: skip
    """Two deliveries that name a person: "number,name" or "number,name,former name"."""
    return Scene(
        code, T(zh, en),
        (("人口信息.csv", lines(REGISTER, first + "," * (2 - first.count(",")))),
         ("结算信息.csv", lines(BILLS, bill("S1", *second.split(","))))),
        ("published 1=1+0+0", f"published 1=1+0+0{told}"),
        conflicts=conflicts, spared=spared,
    )  # fmt: skip


def sheet(
    code: str, zh: str, en: str, content: str | bytes, told: str, rows: tuple[str, ...] = (),
    *, spared: bool = False, look: str = "death_health: cert_no", name: str = "死亡医学证明.csv",
) -> Scene:  # fmt: skip
    """One file; of its rows the first looked-at column."""
    return Scene(
        code, T(zh, en), ((name, content),), (told,), look, tuple((row,) for row in rows),
        spared=spared,
    )  # fmt: skip


def died(key: str, certno: str = AN) -> str:
    return f"{key},{certno},安一,2023-03-01 08:00"


PLAIN = lines(DEATHS, died("C1"), died("C2", BO))
BOTH = "published 2=2+0+0"
TWO = ("C1", "C2")
MONEY = (
    "结算流水号,就诊ID,身份证号,姓名,定点医药机构编号,医疗类别,开始时间,结算时间,总费用,基金支付,"
    "个人账户支出"
)


def paid(key: str, total: str) -> str:
    return f"{key},M{key},{AN},安一,P33030200001,41,2023-04-01 10:00,2023-04-01 10:00,{total},0,0"


def workbook() -> bytes:
    """A sheet with a merged title, a two-line header with merged cells, and a note below."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as made:
        table = made.add_worksheet("死亡医学证明")
        table.merge_range("A1:D1", "2023年第一季度死亡医学证明")
        table.merge_range("A2:A3", "死亡证明编号")
        table.merge_range("B2:C2", "死者")
        table.write_row("B3", ["身份证号", "姓名"])
        table.merge_range("D2:D3", "死亡时间")
        table.write_row("A4", ["C1", AN, "安一", "2023-03-01 08:00"])
        table.write_row("A5", ["C2", BO, "卜二", 44986.5])
        table.write("A6", "注：数据截至2023年3月")
    return content.getvalue()


def dear(zh: str, en: str, total: str, told: str, rows: tuple[str, ...], spared: bool) -> Scene:
    """An amount of 100 元, then a batch with one of `total`."""
    return Scene(
        "D09", T(zh, en),
        (("结算信息.csv", lines(BILLS, bill("S1"))),
         ("结算信息2.csv", lines(BILLS, bill("S2", total=total)))),
        ("published 1=1+0+0", told), TOTAL, tuple(zip(("S1", "S2"), rows, strict=False)),
        spared=spared,
    )  # fmt: skip


SCENES: tuple[Scene, ...] = (
    dear("疑为万元与元相混: 后一批待确认", "yuan and ten thousand yuan mixed up: held",
         "1000000.00", "held 1=1+0+0", ("10000",), False),
    dear("贵一千倍不疑单位", "a thousand times as dear is no matter of units", "100000.00",
         "published 1=1+0+0", ("10000", "10000000"), True),
    mistyped("字母 O、I、S 代数字", "a letter for a digit", letter(AN, 15), "安一", AN,
             reason="SHAPE"),
    mistyped("错一位", "one wrong digit", digit(AN, 14), "安一", AN),
    mistyped("相邻两位颠倒", "two neighbours swapped", AN[:14] + AN[15] + AN[14] + AN[16:],
             "安一", AN),
    mistyped("校验位错", "the check character wrong", AN[:17] + ("0" if AN[17] != "0" else "1"),
             "安一", AN),
    mistyped("姓名为曾用名", "under a former name", digit(AN, 14), "安旧", AN),
    mistyped("姓名不符", "another name", digit(AN, 14), "别人"),
    mistyped("出生日期不符", "another birth date", digit(AN, 14), "安一", born="1990-01-01"),
    mistyped("错两位", "two wrong digits", digit(digit(AN, 14), 16), "安一"),
    mistyped("无人持有相近号码", "nobody holds a number like it", digit(BO, 15), "安一"),
    named("音近字", "a homophone", f"{AN},张健", f"{AN},张建", code="D05",
          conflicts=("two names",)),
    named("形近字 邵/绍", "a look-alike", f"{AN},邵一", f"{AN},绍一", code="D05",
          conflicts=("two names",)),
    named("形近字 未/末", "a look-alike", f"{AN},李未", f"{AN},李末", code="D05",
          conflicts=("two names",)),
    named("形近字 己/已", "a look-alike", f"{AN},王己", f"{AN},王已", code="D05",
          conflicts=("two names",)),
    named("音近而证件各异: 不作同一人", "homophones with two numbers stay two persons",
          f"{AN},张健", f"{BO},张建", code="D05", spared=True),
    named("音近而一方无证件: 不关联", "a homophone without a number is not linked",
          f"{AN},张健", ",张建", code="D05", spared=True),
    named("形近而证件各异", "look-alikes with two numbers", f"{AN},邵一", f"{CHEN},绍一",
          code="D05", spared=True),
    named("同名同号", "the same name and number", f"{AN},张健", f"{AN},张健", code="D05",
          spared=True),
    named("一号两名", "one number, two names", f"{AN},安一", f"{AN},卜二",
          conflicts=("two names",)),
    named("一号两名, 一方 15 位", "one of them with 15 digits", f"{AN},安一",
          f"{AN[:6] + AN[8:17]},卜二", conflicts=("two names",), told=""),
    named("同名同生日两号", "one name and birth date, two numbers", f"{AN},安一", f"{TWIN},安一",
          conflicts=("two documents",)),
    named("繁体同名同生日两号", "the same in traditional characters", f"{AN},陈三",
          f"{TWIN},陳三", conflicts=("two documents",)),
    named("曾用名", "a former name", f"{AN},安一,安旧", f"{AN},安旧", spared=True),
    named("繁简之别", "traditional and simplified", f"{AN},陈建国", f"{AN},陳建國", spared=True),
    named("同名, 生日不同", "one name, two birth dates", f"{AN},安一", f"{CHEN},安一",
          spared=True),
    named("称谓之别", "an honorific", f"{AN},安一", f"{AN},安一女士", spared=True),
    Scene("D10", T("整行重复", "an identical row"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S1"), bill("S2"))),),
          ("published 3=2+0+1",), TOTAL, (("S1", "10000"), ("S2", "10000"))),
    Scene("D10", T("同一业务主键, 以自身时间最晚者为准", "of one key the latest own time stays"),
          (("结算信息.csv", lines(
              BILLS, bill("S1", total="7.00", sent="2023-04-03 00:00:00"),
              bill("S1", sent="2023-04-02 00:00:00"))),),
          ("published 2=1+0+1",), TOTAL, (("S1", "700"),)),
    Scene("D10", T("整个文件送两次", "a whole file sent twice"),
          (("结算信息.csv", lines(BILLS, bill("S1"))), ("结算信息2.csv", lines(BILLS, bill("S1")))),
          ("published 1=1+0+0", "duplicate 1=0+0+1"), TOTAL, (("S1", "10000"),)),
    Scene("D10", T("后一批改了内容, 取后者", "a later batch with other content supersedes"),
          (("结算信息.csv", lines(BILLS, bill("S1"))),
           ("结算信息2.csv", lines(BILLS, bill("S1", total="7.00")))),
          ("published 1=1+0+0", "published 1=1+0+0"), TOTAL, (("S1", "700"),)),
    Scene("D10", T("补送的时间更早, 不取代", "an older time of its own does not supersede"),
          (("结算信息.csv", lines(BILLS, bill("S1", sent="2023-04-05 00:00:00"))),
           ("结算信息2.csv", lines(BILLS, bill("S1", total="7.00", sent="2023-04-02 00:00:00")))),
          ("published 1=1+0+0", "published 1=1+0+0"), TOTAL, (("S1", "10000"),), spared=True),
    Scene("D10", T("内容相同而主键不同", "equal in all but the key"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S2"))),),
          ("published 2=2+0+0",), TOTAL, (("S1", "10000"), ("S2", "10000")), spared=True),
    Scene("D10", T("期间重叠而主键不同", "overlapping periods, other keys"),
          (("结算信息.csv", lines(BILLS, bill("S1"))), ("结算信息2.csv", lines(BILLS, bill("S2")))),
          ("published 1=1+0+0", "published 1=1+0+0"), TOTAL,
          (("S1", "10000"), ("S2", "10000")), spared=True),
    Scene("D10", T("被隔离的行不挤掉好行", "a quarantined row hides no good one"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S1", total=""))),),
          ("published 2=1+1+0",), TOTAL, (("S1", "10000"),), spared=True),
    sheet("D13", "GB18030 编码", "GB18030", PLAIN.encode("gb18030"), BOTH, TWO),
    sheet("D13", "带 BOM", "UTF-8 with a BOM", b"\xef\xbb\xbf" + PLAIN.encode(), BOTH, TWO),
    sheet("D13", "混合换行", "mixed line ends", PLAIN.replace("\n", "\r\n", 1), BOTH, TWO),
    sheet("D13", "标题与表下说明", "a title above, a note below",
          f"死亡医学证明汇总表,,,\n{PLAIN}注：数据截至2023年3月,,,\n", BOTH, TWO),
    sheet("D13", "工作簿: 合并单元格、两行表头、日期序号",
          "a workbook: merged cells, a two-line header, a serial date", workbook(), BOTH, TWO,
          name="死亡医学证明.xlsx"),
    sheet("D13", "合计行作为控制数", "a totals row is a control total",
          lines(MONEY, paid("S1", "10"), paid("S2", "20"), "合计,,,,,,,,30,,"), BOTH,
          ("S1", "S2"), look="mi_settlement: setl_id", name="结算信息.csv"),
    sheet("D13", "合计不符, 待确认", "a wrong total holds the batch",
          lines(MONEY, paid("S1", "10"), paid("S2", "20"), "合计,,,,,,,,31,,"),
          "held 2=2+0+0", name="结算信息.csv", look="mi_settlement: setl_id"),
    sheet("D13", "引号内的换行不另起一行", "a quoted line break starts no row",
          lines(DEATHS, 'C1,,"安\n一",2023-03-01', died("C2", BO)), BOTH, TWO, spared=True),
    sheet("D13", "引号外的空格不属于单元格", "blanks outside quotation marks are nobody's",
          lines(DEATHS, f'C1, "{AN}" ,"安一", "2023-03-01 08:00"', died("C2", BO)), BOTH, TWO),
    sheet("D13", "名叫合计的行在中间", "the word for total in the middle",
          lines(DEATHS, "C1,,合计,2023-03-01", died("C2", BO)), BOTH, TWO, spared=True),
    sheet("D13", "末行无换行", "no line end after the last row", PLAIN.rstrip("\n"), BOTH, TWO,
          spared=True),
    sheet("D13", "空行不是行", "blank lines are no rows",
          PLAIN.replace("\nC2", "\n,,,\n\nC2"), BOTH, TWO, spared=True),
    sheet("D14", "身份证", "身份证", PLAIN.replace("身份证号", "身份证"), BOTH, TWO),
    sheet("D14", "公民身份号码", "公民身份号码",
          PLAIN.replace("身份证号", "公民身份号码"), BOTH, TWO),
    sheet("D14", "证件号码", "证件号码", PLAIN.replace("身份证号", "证件号码"), BOTH, TWO),
    sheet("D14", "英文列名", "the column's own name",
          PLAIN.replace("身份证号", "CERTNO"), BOTH, TWO),
    sheet("D14", "表头中的空格与全角", "blanks and width in a header",
          PLAIN.replace("身份证号", "身份 证号　"), BOTH, TWO),
    sheet("D14", "近似的表头只是猜测, 待确认", "a likeness is a guess and is asked about",
          PLAIN.replace("死亡证明编号", "死亡证明的编号"), "held 2=2+0+0", spared=True),
    sheet("D14", "不认识的列只报告", "an unknown column is reported and left out",
          PLAIN.replace("姓名,", "姓名,备忘,").replace("安一,", "安一,x,"), BOTH, TWO, spared=True),
    sheet("D14", "缺少必需的列: 拒收", "without a required column: refused",
          PLAIN.replace("姓名", "其他"), "refused 0=0+0+0", spared=True),
    sheet("D14", "两列同名: 不猜", "the same title twice tells nothing",
          lines(f"{DEATHS},死亡日期", f"{died('C1')},2023-03-05", f"{died('C2', BO)},2023-03-05"),
          "published 2=2+0+0", TWO, spared=True),
    Scene("D15", T("整笔冲销: 原行不动", "a whole reversal: the original stays as it was"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S2", total="-100.00", reverses="S1"))),),
          ("published 2=2+0+0",), TOTAL, (("S1", "10000"), ("S2", "-10000"))),
    Scene("D15", T("部分冲销", "a part reversal"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S2", total="-40.00", reverses="S1"))),),
          ("published 2=2+0+0",), "net_settlements: setl_id, fund", (("S1", "6000"),)),
    Scene("D15", T("整笔冲销后净额为零", "a whole reversal nets to nothing"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S2", total="-100.00", reverses="S1"),
                             bill("S3"))),),
          ("published 3=3+0+0",), "net_settlements: setl_id, fund, reversed",
          (("S1", "0", "true"), ("S3", "10000", "false"))),
    Scene("D15", T("找不到原结算", "the original is not held"),
          (("结算信息.csv", lines(BILLS, bill("S2", total="-100.00", reverses="S9"))),),
          ("published 1=1+0+0 D15_ORPHAN",), TOTAL, (("S2", "-10000"),)),
    Scene("D15", T("原结算在前一批", "the original came in an earlier batch"),
          (("结算信息.csv", lines(BILLS, bill("S1"))),
           ("结算信息2.csv", lines(BILLS, bill("S2", total="-100.00", reverses="S1")))),
          ("published 1=1+0+0", "published 1=1+0+0"), TOTAL,
          (("S1", "10000"), ("S2", "-10000")), spared=True),
    Scene("D15", T("负数而无标志: 不冲别人", "a negative without the mark reverses nothing"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S2", total="-100.00"))),),
          ("published 2=2+0+0",), TOTAL, (("S1", "10000"), ("S2", "-10000")), spared=True),
    Scene("D15", T("同额两笔, 只冲其中一笔", "of two equal amounts only the named one"),
          (("结算信息.csv", lines(BILLS, bill("S1"), bill("S2"),
                             bill("S3", total="-100.00", reverses="S2"))),),
          ("published 3=3+0+0",), "net_settlements: setl_id, fund, reversed",
          (("S1", "10000", "false"), ("S2", "0", "true")), spared=True),
    Scene("D15", T("正常结算", "an ordinary settlement"),
          (("结算信息.csv", lines(BILLS, bill("S1"))),), ("published 1=1+0+0",), TOTAL,
          (("S1", "10000"),), spared=True),
)  # fmt: skip
