"""Dirt inside one cell: what is delivered, and what becomes of it."""

from __future__ import annotations

from tests.spec.dirt.case import Cell, Table, number

AN = number(805)
OLD = AN[:6] + AN[8:17]
FULL_WIDTH = AN.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
ENDS_IN_00 = next(n for n in map(number, range(800, 996)) if n.endswith("00"))
WITH_X = next(n for n in map(number, range(800, 996)) if n.endswith("X"))

d01 = Table("D01", "mi_person.certno")
d03 = Table("D03", "mi_person.certno")
d03_name = Table("D03", "mi_person.psn_name")
d04 = Table("D04", "mi_person.psn_name", "psn_name_key")
d04_shown = Table("D04", "mi_person.psn_name")
d06 = Table("D06", "mi_person.psn_name")
d06_key = Table("D06", "mi_person.psn_name", "psn_name_key")
d08 = Table("D08", "mi_person.card_void_date")
d08_known = Table("D08", "mi_person.card_void_date", "card_void_date_precision")
d08_birth = Table("D08", "mi_person.brdy")
d08_time = Table("D08", "death_health.death_time")
d09 = Table("D09", "mi_settlement.medfee_sumamt")
d11 = Table("D11", "org_registry.name", "=")
d12 = Table("D12", "mi_person.hukou_div")
d12_village = Table("D12", "mi_person.resd_village")
d16 = Table("D16", "mi_person.addr", "addr_div")
d16_raw = Table("D16", "mi_person.addr")
d17 = Table("D17", "mi_complaint.content")

CELLS: tuple[Cell, ...] = (
    # D01 numbers: form damaged, value whole
    d01.repaired("15 位号码升为 18 位", "15 digits", OLD, AN),
    d01.repaired("全角数字", "full-width digits", FULL_WIDTH, AN),
    d01.repaired("中间有空格", "blanks inside", f"{AN[:6]} {AN[6:14]} {AN[14:]}", AN),
    d01.repaired("前有撇号", "a leading apostrophe", f"'{AN}", AN),
    d01.repaired("小写 x", "small x", WITH_X.lower(), WITH_X),
    d01.repaired("数值单元格的尾巴", "tail of a numeric cell", f"{AN}.0", AN),
    d01.flagged("科学计数法已失精度", "precision lost", "3.30302E+17", "D01_PRECISION_LOST"),
    d01.flagged("末三位归零", "last digits zeroed", "330324196803128000", "D01_PRECISION_LOST"),
    d01.left("完好的号码", "an intact number", AN),
    d01.left("末两位恰为 00 的号码", "a number that ends in 00", ENDS_IN_00),
    d01.left("旧区划开头的号码", "a number of an old county", number(803, area="330323")),
    d01.left("大写 X", "capital X", WITH_X),
    d01.left("台湾居民居住证", "a residence permit", number(801, area="830000")),
    # D03 nothing there
    d03.flagged("一串 1", "a row of ones", "1" * 18, "D03_PLACEHOLDER"),
    d03.flagged("一串 9", "a row of nines", "9" * 18, "D03_PLACEHOLDER"),
    d03.flagged("无", "the word for none", "无", "D03_PLACEHOLDER"),
    d03.flagged("不详", "the word for unknown", "不详", "D03_PLACEHOLDER"),
    d03.flagged("横线", "dashes", "--", "D03_PLACEHOLDER"),
    d03_name.flagged("无名氏", "nobody's name", "无名氏", "D03_PLACEHOLDER"),
    d03.left("有连号的真实号码", "a number with a run of ones",
             number(811, "19681111", "330302")),
    d03_name.left("姓吴名祥", "a name that sounds like none", "吴祥"),
    d03_name.left("名中带无字", "a name with the character for none", "张无忌"),
    d03_name.left("叠字名", "a doubled character", "丁丁"),
    # D04 variants: the name stays as written, its comparison form is unified
    d04.read("繁体", "traditional", "陳建國", "陈建国"),
    d04.read("异体 峯", "variant 峯", "林峯", "林峰"),
    d04.read("异体 昇", "variant 昇", "王昇", "王升"),
    d04.read("异体 喆", "variant 喆", "李喆", "李哲"),
    d04.read("异体 﨑", "variant 﨑", "山﨑", "山崎"),
    d04_shown.left("显示仍用原字", "shown as written", "陳建國"),
    d04_shown.left("异体字仍显示原字", "a variant shown as written", "李喆"),
    d04.left("问号代替的罕见字", "a question mark for a rare character", "张?"),
    d04.left("形近而非异体", "alike, yet another character", "张健"),
    d04.left("简体名", "a simplified name", "陈建国"),
    # D06 what is no part of a name
    d06.repaired("空格", "blanks", "张 三", "张三"),
    d06.repaired("称谓", "an honorific", "林芳女士", "林芳"),
    d06.repaired("括号中的曾用名", "a former name in brackets", "林芳（曾用名：林小芳）", "林芳"),
    d06.repaired("另一种间隔点", "another middle dot", "买买提•艾力", "买买提·艾力"),
    d06.repaired("用句点作间隔点", "a full stop as the dot", "买买提.艾力", "买买提·艾力"),
    d06_key.read("间隔点不参加比对", "the dot is not compared", "古丽·买买提", "古丽买买提"),
    d06.left("规范的间隔点", "the right dot", "阿依古丽·买买提"),
    d06.left("复姓", "a double surname", "欧阳娜娜"),
    d06.left("名字就叫先", "a name that begins an honorific", "张先"),
    d06.left("外文名中的空格", "the blank of a foreign name", "John Smith"),
    # D08 dates
    d08.read("斜线", "slashes", "2023/2/9", "2023-02-09"),
    d08.read("点", "points", "2023.2.9", "2023-02-09"),
    d08.read("连写", "run together", "20230209", "2023-02-09"),
    d08.read("汉字", "in characters", "2023年2月9日", "2023-02-09"),
    d08.read("只到月", "a month only", "2023年9月", "2023-09-01"),
    d08_known.read("只知到月: 精度 2", "known to the month: precision 2", "2023年9月", "2"),
    d08_known.read("只知到日: 精度 3", "known to the day: precision 3", "2023.2.9", "3"),
    d08.repaired("两位年份", "a two-digit year", "23-2-9", "2023-02-09"),
    d08.repaired("电子表格序号", "a spreadsheet's serial", "44966", "2023-02-09"),
    d08_birth.repaired("两位年份的出生日期", "a birth year of two digits", "68-3-12",
                       "1968-03-12"),
    d08.repaired("农历", "a lunar date", "农历二〇二三年正月十九", "2023-02-09"),
    d08.flagged("不存在的日期", "no such day", "20230230", "D08_IMPOSSIBLE"),
    d08.flagged("以 1900 年代空", "1900 for none", "1900-01-01", "D08_PLACEHOLDER"),
    d08.flagged("以 9999 年代空", "9999 for none", "9999-12-31", "D08_PLACEHOLDER"),
    d08.flagged("晚于送交日", "later than the delivery", "2024-05-01", "D08_FUTURE",
                "2024-05-01"),
    d08_time.quarantined("必填日期不存在", "a required day that does not exist", "2023-02-30",
                         "D08_IMPOSSIBLE"),
    d08.left("规范日期", "an ISO date", "2023-02-09"),
    d08.left("闰日", "a leap day", "2020-02-29"),
    d08_birth.left("1900 年以后的百岁老人", "somebody of a hundred", "1920-01-01"),
    d08_time.left("到秒的时间", "a time to the second", "2023-02-09 23:59:59"),
    # D09 amounts, in fen
    d09.read("千分位", "separators of thousands", "1,234.50", "123450"),
    d09.read("全角千分位", "a full-width separator", "1，234.50", "123450"),
    d09.read("万", "the unit 万", "1.2万", "1200000"),
    d09.read("大写", "capital numerals", "壹万贰仟元整", "1200000"),
    d09.read("括号负数", "a negative in brackets", "(100.00)", "-10000"),
    d09.read("带货币符号", "a currency sign", "￥88.00", "8800"),
    d09.repaired("逗号误作小数点", "a comma read for the point", "12,5", "1250"),
    d09.repaired("句点误作千分位", "a point read for the separator", "1.234.50", "123450"),
    d09.repaired("第三位小数", "a third decimal", "1.005", "101"),
    d09.quarantined("必填金额无法识别", "a required amount that cannot be read", "约一百",
                    "SHAPE"),
    d09.left("两位小数", "two decimals", "1234.50", "123450"),
    d09.left("整数", "a whole number", "1000", "100000"),
    d09.left("负数冲销", "a negative reversal", "-50.00", "-5000"),
    d09.left("零", "zero", "0", "0"),
    # D11 organisations: two names are told alike or apart by their comparison form
    d11.read("两种括号", "two kinds of brackets", "瓯江（温州）药业有限公司",
             "瓯江(温州)药业有限公司"),
    d11.read("有限责任公司", "limited liability", "瓯江药业有限责任公司", "瓯江药业有限公司"),
    d11.read("空格", "blanks", "瓯江 药业 有限公司", "瓯江药业有限公司"),
    d11.read("原名", "a former name", "瓯江药业有限公司（原名：江心药业）", "瓯江药业有限公司"),
    d11.left("简称不等于全称", "an abbreviation is not the name", "瓯江药业"),
    d11.left("分公司不是总公司", "a branch is another", "瓯江药业有限公司瑞安分公司"),
    d11.left("股份有限公司", "another legal form", "瓯江药业股份有限公司"),
    d11.left("同名异地", "the same name elsewhere", "瑞安瓯江药业有限公司"),
    # D12 editions of the division codes
    d12.repaired("乐清县", "乐清 as a county", "330323", "330382"),
    d12.repaired("瑞安县", "瑞安 as a county", "330325", "330381"),
    d12.repaired("洞头县", "洞头 as a county", "330322", "330305"),
    d12_village.repaired("村代码的前六位", "the first six of a village's code", "330321101203",
                         "330304101203"),
    d12.left("现行代码", "a present code", "330382"),
    d12.left("苍南仍是苍南", "苍南 stays", "330327"),
    d12.left("外省代码", "another province", "341202"),
    d12_village.left("现行村代码", "a present village", "330381001001"),
    # D16 addresses
    d16.repaired("旧县名", "a former county", "瑞安县莘塍镇东新村", "330381"),
    d16.repaired("缺市、区字", "names cut short", "浙江温州鹿城五马街12号", "330302"),
    d16.repaired("只有县名, 缺县字", "a county's bare name", "洞头北岙镇", "330305"),
    d16.repaired("旧区划名", "a name of an old edition", "温州市瓯海县梧田镇", "330304"),
    d16.repaired("龙港镇已成龙港市", "龙港 became a city", "苍南县龙港镇新渡村", "330383"),
    d16.repaired("级次重复并有空格", "a level written twice", "温州市 温州市 乐清市 柳市镇",
                 "330382"),
    d16.repaired("前有标签", "led by a label", "住址：泰顺县罗阳镇", "330329"),
    d16.repaired("村已更名", "a village's former name", "瑞安市莘塍街道东新村(原西河村)3号",
                 "330381"),
    d16.read("省市未写", "province and city left out", "鹿城区五马街道1号", "330302"),
    d16.read("外省地址", "another province", "安徽省阜阳市颍州区西湖镇", "341202"),
    d16.flagged("重名的区", "a district of many cities", "鼓楼区中山路5号", "D16_AMBIGUOUS"),
    d16.flagged("前后矛盾", "levels that contradict", "杭州市鹿城区", "D16_AMBIGUOUS"),
    d16.flagged("写了两个县", "two counties", "瑞安市平阳县", "D16_AMBIGUOUS"),
    d16.flagged("以县命名的路", "a street called like a county", "平阳路12号", "D16_UNKNOWN"),
    d16.flagged("以县命名的楼", "a house called like a county", "温州市文成大厦12楼",
                "D16_UNKNOWN"),
    d16.flagged("没有写县", "no county", "五马街道墨池社区", "D16_UNKNOWN"),
    d16.flagged("占位", "a placeholder", "不详", "D03_PLACEHOLDER"),
    d16.left("完整地址", "a whole address", "浙江省温州市瑞安市莘塍街道东新村12号", "330381"),
    d16.left("龙港市", "龙港 as a city", "浙江省温州市龙港市", "330383"),
    d16.left("苍南其他镇", "another town of 苍南", "浙江省温州市苍南县灵溪镇", "330327"),
    d16_raw.left("完整原文", "the text itself", "浙江省温州市永嘉县瓯北街道1号"),
    d16.read("县前路在永嘉县", "a street that begins with 县", "永嘉县县前路8号", "330324"),
    # D17 pages read by machine
    d17.repaired("未梢", "未梢", "四肢未梢神经炎未予报销", "四肢末梢神经炎未予报销"),
    d17.repaired("人狱", "人狱", "此人2019年判刑人狱", "此人2019年判刑入狱"),
    d17.repaired("人城", "人城", "货车人城通行证未办", "货车入城通行证未办"),
    d17.repaired("解决", "解决", "公司擅自解决劳动合同", "公司擅自解除劳动合同"),
    d17.repaired("生育保险贴", "生育保险贴", "生育保险贴至今未发", "生育津贴至今未发"),
    d17.repaired("己经", "己经", "药费己经报销", "药费已经报销"),
    d17.repaired("单独的人狱", "人狱 alone", "去向：人狱。", "去向：入狱。"),
    d17.left("未必", "未必", "医院未必知情"),
    d17.left("人城市", "人城市", "外地人城市户口如何参保"),
    d17.left("解决问题", "解决问题", "请尽快解决问题"),
    d17.left("解决劳动合同纠纷", "a dispute to settle", "请帮助解决劳动合同纠纷"),
    d17.left("犯人狱中", "a prisoner in gaol", "该犯人狱后仍领待遇"),
    d17.left("年末参保", "the end of a year", "年末参保人数不符"),
    d17.left("舍己", "舍己", "舍己救人"),
    d17.left("三个月未发", "months without pay", "连续三月未发津贴"),
    d17.left("入狱", "the right word", "入狱前在本地就医"),
)  # fmt: skip
