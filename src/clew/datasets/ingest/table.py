"""Where the table lies in a sheet: under which titles, above which totals and notes.

Pure functions over the first and the last rows of cells, the same for CSV and workbooks. Rows are
numbered from 1 as the sheet numbers them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from clew.datasets.ingest.recognise import plain_header
from clew.kernel.money import parse_fen

Cells = Sequence[str]

HEAD_ROWS = 15
TAIL_ROWS = 50
FEWEST_TITLES = 2
_WHOLE, _PART = ("合计", "总计", "共计", "总合计", "累计"), ("小计",)
_TOTAL = re.compile(
    rf"(本[页表期]|全部|以上|[一二三四]季度|上半年|下半年|全年)?"
    rf"(?P<word>{'|'.join(_WHOLE + _PART)})(\(.*\))?:?"
)
_NOTE = re.compile(
    r"(备注|说明|附注|注释|注|数据来源|数据说明|填[表报]说明|联系方式|联系电话|日期|时间)\d*[:.、]"
    r"|(单位|部门|主管|财务)?(填表|填报|制表|制单|报表|审核|复核|审批|经办|负责|打印|导出|统计|报送|联系)"
    r"((人|单位|部门|日期|时间|领导)|:)"
    rf"|({'|'.join(_WHOLE + _PART)}):.|单位?\(?(盖章|公章|签章|签字)|[(]?(盖章|公章|签字)"
    r"|共\d+(条|行|页|人|笔|户|家)|第\d+页|以下空白|-+以下无正文"
)
_COUNT = re.compile(r"共?\d+(\.\d+)?(人次|人|条|笔|户|次|家|行|件|个|元|万元|%)?")
_DOCUMENT = re.compile(r"\d{15}|\d{17}[\dX]")
_UNIT = re.compile(r"单位:?(人民币|RMB)?:?(?P<unit>万元|亿元|元)(?![a-z一-鿿])")
_FACTORS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}


@dataclass(frozen=True, slots=True)
class Head:
    """The header ends at `row`; `lines` is 2 where a line of groups stands over the titles.

    `above` are the lines over it, cells joined; `unit` multiplies amounts if one of them says so.
    """

    row: int
    headers: tuple[str, ...]
    lines: int = 1
    known: int = 0
    above: tuple[str, ...] = ()

    @property
    def unit(self) -> int:
        for line in self.above:
            found = _UNIT.search("".join(_plain(line).split()))
            if found:
                return _FACTORS[found["unit"]]
        return 1


def head(rows: Sequence[Cells], titles: Collection[str]) -> Head | None:
    """Finds the header among the first HEAD_ROWS filled rows; None where all are blank.

    The row, or pair of rows, that holds most of the known `titles` (comparison forms), at least
    FEWEST_TITLES and more than the first row does; else the first row, or the one under lines
    that fill one cell only.
    """
    rows = [[cell.strip() for cell in row] for row in rows]
    filled = [number for number, row in enumerate(rows, 1) if any(row)][:HEAD_ROWS]
    if not filled:
        return None
    first = _single(rows, filled[0], titles)
    found = max(_candidates(rows, filled, titles), key=lambda h: (h.known, -h.lines, -h.row))
    if found.known < FEWEST_TITLES or found.known <= first.known:
        found = _by_shape(rows, filled, titles)
    return _with_groups(found, rows, titles)


def _candidates(
    rows: Sequence[Cells], filled: Sequence[int], titles: Collection[str]
) -> Iterator[Head]:
    for number in filled:
        yield _single(rows, number, titles)
        if number + 1 in filled:
            yield _pair(rows, number + 1, titles)


def _by_shape(rows: Sequence[Cells], filled: Sequence[int], titles: Collection[str]) -> Head:
    """The first row, unless it fills one cell and a broad row follows: then that one."""
    if len(set(rows[filled[0] - 1]) - {""}) == 1:
        for number in filled:
            if sum(map(bool, rows[number - 1])) >= 3:
                return _single(rows, number, titles)
    return _single(rows, filled[0], titles)


def _with_groups(found: Head, rows: Sequence[Cells], titles: Collection[str]) -> Head:
    """Two columns of one title under a line of groups are told apart by their groups."""
    repeated = any(n > 1 for header, n in Counter(found.headers).items() if header)
    over = found.row - 2
    if found.lines == 1 and repeated and over >= 0 and len(set(rows[over]) - {""}) >= 2:
        return _pair(rows, found.row, titles)
    return found


def _single(rows: Sequence[Cells], number: int, titles: Collection[str]) -> Head:
    cells = tuple(rows[number - 1])
    return Head(number, cells, 1, _known(cells, titles), _above(rows, number - 1))


def _pair(rows: Sequence[Cells], number: int, titles: Collection[str]) -> Head:
    """Row `number` under the groups of the row before."""
    upper, lower = list(rows[number - 2]), list(rows[number - 1])
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    times = Counter(lower)
    headers: list[str] = []
    group = ""
    for over, title in zip(upper, lower, strict=True):
        # A merged group keeps its text in its first cell only.
        group = over or (group if title else "")
        alone = plain_header(title)[0] in titles and times[title] == 1
        if alone or not group or group == title:
            headers.append(title)
        else:
            headers.append(f"{group}·{title}" if title else group)
    found = tuple(headers)
    return Head(number, found, 2, _known(found, titles), _above(rows, number - 2))


def _known(headers: Cells, titles: Collection[str]) -> int:
    return len({plain_header(header)[0] for header in headers if header} & set(titles))


def _above(rows: Sequence[Cells], count: int) -> tuple[str, ...]:
    lines = (" ".join(dict.fromkeys(cell for cell in row if cell)) for row in rows[:count])
    return tuple(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Tail:
    """Of the last rows, the first `keep` are data. `totals` are the cells of the totals row."""

    keep: int
    totals: Cells = ()
    notes: tuple[str, ...] = field(default=())


def tail(rows: Sequence[Cells], width: int) -> Tail:
    """Parts the end of a table of `width` columns from what stands below it.

    Only an unbroken run of totals, notes and blank rows at the very end is taken: in the middle
    the same words are data. Of several totals rows the last one that counts the whole is meant.
    """
    keep = len(rows)
    while keep and (_filled(rows[keep - 1]) <= 1 or _below(rows[keep - 1], width)):
        keep -= 1
    # A row of one cell is a note only under another one; above, it is a row that lacks the rest.
    while keep < len(rows) and not _below(rows[keep], width):
        keep += 1
    totals: Cells = ()
    notes = []
    for row in rows[keep:]:
        if not _is_total(row, width):
            notes.append(" ".join(cell.strip() for cell in row if cell.strip()))
        elif not totals or _word(row) in _WHOLE:
            totals = [cell.strip() for cell in row]
    return Tail(keep, totals, tuple(note for note in notes if note))


def _below(row: Cells, width: int) -> bool:
    return _is_total(row, width) or _is_note(row, width)


def _filled(row: Cells) -> int:
    return sum(1 for cell in row if cell.strip())


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell)


def _word(row: Cells) -> str:
    """The word of a totals row, which stands in its first filled cell; empty in any other row."""
    label = next((cell for cell in row if cell.strip()), "")
    found = _TOTAL.fullmatch("".join(_plain(label).split()))
    return found["word"] if found else ""


def _is_total(row: Cells, width: int) -> bool:
    """The word, and beside it nothing but numbers: somebody may well be called so."""
    if not _word(row):
        return False
    rest = [cell.strip() for cell in row if cell.strip()][1:]
    return (len(rest) + 1 < width or len(rest) > 1) and all(map(_is_figure, rest))


def _is_figure(cell: str) -> bool:
    plain = "".join(_plain(cell).split())
    if _DOCUMENT.fullmatch(plain.upper()):
        return False
    if _COUNT.fullmatch(plain) or not plain.strip("-—/*"):
        return True
    return parse_fen(cell).ok


def _is_note(row: Cells, width: int) -> bool:
    filled = ["".join(_plain(cell).split()) for cell in row if cell.strip()]
    if not filled or not _NOTE.match(filled[0]):
        return False
    return len(filled) <= max(1, width // 2) or all(_NOTE.match(cell) for cell in filled)
