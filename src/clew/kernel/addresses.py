"""Addresses as people write them: read down to the county, the rest kept as written (D16).

A leading province or prefecture may be left out where the county's name alone decides. A name of
an older edition (瑞安县) and a name without its last character (浙江温州瑞安) are read as what
they stand for; where two readings remain, none is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from clew.kernel.divisions import Edition, current_division, division_name, editions
from clew.kernel.text import EMPTY, PLACEHOLDER, is_placeholder, plain

UNKNOWN = "D16_UNKNOWN"
AMBIGUOUS = "D16_AMBIGUOUS"
NOTHING = frozenset({EMPTY, PLACEHOLDER})
"""Reasons why there is no address at all."""

_PRESENT = "present"
HOME = "3303"
"""Only counties of this prefecture are read from a bare name without its 市, 县 or 区."""
_LONGGANG_SPLIT = date(2019, 9, 25)
_CANGNAN, _LONGGANG, _TOWN_SPLIT = "330327", "330383", "龙港镇"
# Wards of 1980 to 1983. Their codes went to other places, so the codes say nothing of them.
_REUSED = frozenset({"东城区", "南城区", "西城区"})
_NO_NAMES = frozenset({"市辖区", "县", "城区", "郊区"})

_SUFFIX = re.compile("(特别行政区|[壮回维吾尔族]*自治区|省|地区|盟|市|县|区)$")
_WHOLE_ONLY = ("自治州", "自治县", "自治旗", "新区", "矿区", "林区")
_LABEL = re.compile(
    r"(((户籍|现|常|居)?住?(地址|址|所|地)|户籍)[:;]|中华人民共和国|中国|\d{6}(?!\d)|现住|原(?=.{1,6}县))+"
)
_FORMER = re.compile(r"\((原|曾用名|旧称|原名)[^()]*\)")
_CJK_BLANK = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
# 瑞安路 is a street, 文成镇 and 平阳村 are places called like a county, 瑞安大厦 is a house.
_NOT_A_COUNTY = re.compile(
    r"[东西南北中前后上下老新大小]{0,2}(路|街(?!道)|巷|弄|道|镇|乡|村|里|港|横)"
)
_TOWN_FOLLOWS = re.compile(r"[\u3400-\u9fff]{2,8}?(街道|镇|乡|村|社区)")
_PLACE_FOLLOWS = re.compile(r"[\u3400-\u9fff]{2,8}?(街道|镇|乡|村|社区|路|街|巷|弄|大道|小区)|$")
_TOWN = re.compile(r"[^\d,;()]{1,8}?(街道办事处|街道|镇|乡)(?!政府|中心)")
_VILLAGE = re.compile(r"[^\d,;()]{1,12}?(村民委员会|居民委员会|村委会|居委会|社区|村)")
# The only words of which a name of a division is the beginning.
_MARKET = "场"


@dataclass(frozen=True, slots=True)
class Address:
    """`division` the six-digit code that holds on the day, None with a `reason`; `town` and
    `village` as written below it; `normal` the whole address with present names of its levels;
    `repaired` D16 when a name was old, cut short, repeated or led by a label.
    """

    division: str | None
    town: str = ""
    village: str = ""
    normal: str | None = None
    reason: str = ""
    repaired: str = ""


def parse_address(text: str | None, *, as_of: date) -> Address:
    """Reads an address on the day `as_of`. A county that no edition of the day holds and whose
    successor is not known keeps its last code.

    reason: EMPTY, D03_PLACEHOLDER, D16_UNKNOWN (no county is named), D16_AMBIGUOUS (several could
    be meant, or the levels contradict each other). Whatever it is, the text itself is for the
    caller to keep.
    """
    cleaned = plain(text)
    if not cleaned or is_placeholder(cleaned.upper()):
        return Address(None, reason=PLACEHOLDER if cleaned else EMPTY)
    found = _read(_CJK_BLANK.sub("", cleaned), as_of)
    if found.division and not _stands(found.division, as_of):
        return Address(None, reason=AMBIGUOUS)
    return found


@lru_cache(maxsize=10_000)
def _stands(code: str, as_of: date) -> bool:
    """Whether the names that a county is written with mean it: they may have gone on to another
    code (金园区 from 440503 to 440508).
    """
    return _read(_levels(code), as_of).division == code



def _read(text: str, as_of: date) -> Address:
    labelled = _LABEL.match(text)
    rest = _FORMER.sub("", text[labelled.end() :] if labelled else text)
    reasons = set()
    for prefix, below, mended in _upper(rest, as_of):
        county = _county(below, prefix, as_of)
        if isinstance(county, _Found):
            return _below(county, below, mended or rest != text, as_of)
        reasons.add(county)
    # No reason: a province or prefecture may be two. AMBIGUOUS says more than UNKNOWN.
    return Address(None, reason=min(reasons, default=AMBIGUOUS))


def _upper(rest: str, as_of: date) -> Iterator[tuple[str, str, bool]]:
    """Ways to take province and prefecture off: codes so far, what is left, whether a name was
    mended. A bare name is tried as no level at all too: 朝阳 begins 朝阳区.
    """
    for province, after, mended in _level_off(rest, "province", "", as_of):
        for prefecture, below, mended_too in _level_off(after, "prefecture", province, as_of):
            yield prefecture, below, mended or mended_too


def _level_off(rest: str, level: str, prefix: str, as_of: date) -> Iterator[tuple[str, str, bool]]:
    found = _leading(rest, _names(level, as_of), prefix)
    if len(found.codes) == 1:
        cut = rest.removeprefix(found.name)
        below = _again(cut, found.name)
        digits = 2 if level == "province" else 4
        yield found.codes[0][:digits], below, found.short or below != cut
    if not found.codes or found.short:
        yield prefix, rest, False


def _below(county: _Found, rest: str, mended: bool, as_of: date) -> Address:
    """The address in the county that `rest` begins with."""
    code, cut = county.codes[0], rest.removeprefix(county.name)
    below = _again(cut, county.name)
    mended |= county.short or below != cut
    second = _leading(below, _names("county", as_of), code[:4])
    if second.codes and not second.short:
        return Address(None, reason=AMBIGUOUS)
    if code == _CANGNAN and below.startswith(_TOWN_SPLIT) and as_of >= _LONGGANG_SPLIT:
        code, below, mended = _LONGGANG, below.removeprefix(_TOWN_SPLIT), True
    return _told(code, below, mended or division_name(code) != county.name)


def _told(code: str, below: str, mended: bool) -> Address:
    town = _TOWN.match(below)
    after = below[town.end() :] if town else below
    village = _VILLAGE.match(after)
    repaired = "D16" if mended else ""
    return Address(code, town[0] if town else "", village[0] if village else "",
                   _levels(code) + below, "", repaired)  # fmt: skip


def _levels(code: str) -> str:
    """The present names of a county and the levels above it, as one text."""
    levels = [division_name(code[:2] + "0000"), division_name(code[:4] + "00"), division_name(code)]
    return "".join(dict.fromkeys(name for name in levels if name and name not in _NO_NAMES))


@dataclass(frozen=True, slots=True)
class _Found:
    """The name that a text begins with, the codes it may mean, whether its suffix was left out."""

    name: str = ""
    codes: tuple[str, ...] = ()
    short: bool = False


def _county(rest: str, prefix: str, as_of: date) -> _Found | str:
    """The county that a text begins with, or the reason why none is taken."""
    names = _names("county", as_of)
    found = _leading(rest, names, prefix)
    if found.short:
        follows = _PLACE_FOLLOWS if len(prefix) == 4 else _TOWN_FOLLOWS
        after = rest.removeprefix(found.name)
        if _NOT_A_COUNTY.match(after) or not follows.match(after):
            return UNKNOWN
        at_home = [code.startswith(HOME) for code in found.codes]
        if not prefix and not all(at_home):
            return AMBIGUOUS if any(at_home) else UNKNOWN
    if not found.codes:
        elsewhere = prefix and _leading(rest, names, "")
        return AMBIGUOUS if elsewhere and elsewhere.codes and not elsewhere.short else UNKNOWN
    return found if len(found.codes) == 1 else AMBIGUOUS


def _again(rest: str, name: str) -> str:
    """Without a level that is written twice."""
    while rest.startswith(name):
        rest = rest.removeprefix(name)
    return rest


@dataclass(frozen=True, slots=True)
class _Names:
    """Every name of a level, old ones too → the codes in force on the day, and whether the name
    lacks its suffix; and by its first two characters how long a name may be, longest first.
    """

    codes: Mapping[str, tuple[tuple[str, ...], bool]]
    lengths: Mapping[str, tuple[int, ...]]


def _leading(rest: str, names: _Names, prefix: str) -> _Found:
    """The longest name of a division below `prefix` that the text begins with."""
    for length in names.lengths.get(rest[:2], ()):
        name = rest[:length]
        if name not in names.codes:
            continue
        codes, short = names.codes[name]
        codes = tuple(code for code in codes if code.startswith(prefix))
        if codes and not (name.endswith("市") and rest[length : length + 1] == _MARKET):
            return _Found(name, codes, short)
    return _Found()


@lru_cache(maxsize=12)
def _names(level: str, as_of: date) -> _Names:
    whole: dict[str, set[str]] = {}
    for code, spans in editions().items():
        if _level(code) != level:
            continue
        for span in spans:
            reused = code.startswith(HOME) and span.name in _REUSED
            if span.name not in _NO_NAMES and not reused:
                whole.setdefault(span.name, set()).add(current_division(code, as_of))
    named = {name: (_in_force(codes, as_of), False) for name, codes in whole.items()}
    cut: dict[str, set[str]] = {}
    for name, codes in whole.items():
        bare = _SUFFIX.sub("", name)
        if len(bare) > 1 and not name.endswith(_WHOLE_ONLY):
            cut.setdefault(bare, set()).update(codes)
    short = {name: (_in_force(codes, as_of), True) for name, codes in cut.items()}
    lengths: dict[str, set[int]] = {}
    for name in short | named:
        lengths.setdefault(name[:2], set()).add(len(name))
    ordered = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
    return _Names(short | named, ordered)


def _level(code: str) -> str:
    if code.endswith("0000"):
        return "province"
    if code.endswith("00"):
        return "prefecture"
    # 71 to 79 are zones of the statistical office, which GB/T 2260 does not know.
    return "zone" if code[4] == "7" else "county"


def _in_force(codes: set[str], as_of: date) -> tuple[str, ...]:
    """Those that an edition of the day holds; where none does, the last that was held."""
    month, table = f"{as_of:%Y%m}", editions()

    def holds(span: Edition) -> bool:
        return span.last >= month and (span.first <= month or span.first == _PRESENT)

    held = [code for code in codes if any(map(holds, table[code]))]
    last = max(span.last for code in codes for span in table[code])
    return tuple(sorted(held or [c for c in codes if any(s.last == last for s in table[c])]))
