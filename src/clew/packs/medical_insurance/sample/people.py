"""Invented persons: names from short lists, document numbers in the reserved sequence 800-995.

The cast of planted cases has its last part, the crowd the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from clew.kernel.identifiers import check_character

CAST_SEQUENCE = 984
SURNAMES = "陈林黄张李王吴周郑叶金潘徐朱杨刘蔡胡项谢曾夏邵章温戴苏董谷虞"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂建国华峰升云海晓春秋雪梅松柏青岩川溪禾若安宁远"

DIVISIONS = {
    "330302": "鹿城",
    "330303": "龙湾",
    "330304": "瓯海",
    "330305": "洞头",
    "330324": "永嘉",
    "330326": "平阳",
    "330327": "苍南",
    "330328": "文成",
    "330329": "泰顺",
    "330381": "瑞安",
    "330382": "乐清",
    "330383": "龙港",
}
FORMER = {
    "330305": ("330322", date(2015, 9, 1)),
    "330381": ("330325", date(1987, 4, 15)),
    "330382": ("330323", date(1993, 9, 18)),
    "330383": ("330327", date(2019, 9, 1)),
}
"""Division → the county code that numbers issued before that day begin with."""


@dataclass(frozen=True, slots=True)
class Person:
    number: str
    name: str
    born: date
    sex: int
    psn_no: str
    div: str
    village: str
    psn_type: str
    tel: str

    @property
    def insurance(self) -> str:
        return "310" if self.psn_type in ("在职", "退休") else "390"

    def age(self, day: date) -> int:
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


class Births:
    """Makes persons, none with a number or insured number that another has."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._taken: set[str] = set()

    def person(self, low: int, high: int, *, sex: int = 0) -> Person:
        """A person aged `low` to `high` years in 2023; `sex` 1, 2 or 0 for either."""
        rng = self.rng
        born = date(2023 - rng.randint(low, high), 1, 1) + timedelta(days=rng.randrange(300))
        div = rng.choice(list(DIVISIONS))
        sex = sex or rng.choice((1, 2))
        age = 2023 - born.year
        adult = ("在职", "居民") if age < (60 if sex == 1 else 55) else ("退休", "居民")
        return Person(
            number=self._number(div, born, sex),
            name=self.name(),
            born=born,
            sex=sex,
            psn_no=self._unique(lambda: f"3303{rng.randrange(10**10):010d}"),
            div=div,
            village=f"{div}{rng.randint(1, 12):03d}{rng.randint(201, 240)}",
            psn_type=rng.choice(adult) if age >= 18 else "居民",
            tel=mobile(rng),
        )

    def name(self) -> str:
        given = "".join(self.rng.sample(GIVEN, self.rng.choice((1, 2, 2))))
        return self.rng.choice(SURNAMES) + given

    def _number(self, div: str, born: date, sex: int) -> str:
        former, until = FORMER.get(div, (div, born))
        prefix = former if born < until else div

        def draw() -> str:
            sequence = self.rng.randrange(CAST_SEQUENCE + sex % 2, 996, 2)
            first17 = f"{prefix}{born:%Y%m%d}{sequence}"
            return first17 + check_character(first17)

        return self._unique(draw)

    def _unique(self, draw: Callable[[], str]) -> str:
        while (text := draw()) in self._taken:
            pass
        self._taken.add(text)
        return text


def credit_code(rng: Random) -> str:
    """A unified social credit code of an enterprise, both its checks right."""
    inner = "".join(rng.choice("0123456789") for _ in range(8))
    return enterprise_code(inner)


def enterprise_code(inner: str) -> str:
    """The credit code around the eight characters of an organisation code (GB 11714, GB 32100)."""
    values = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(c) for c in inner]
    total = sum(v * w for v, w in zip(values, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    first17 = "91330300" + inner + "0123456789X0"[11 - total % 11]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    check = -sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(first17)) % 31
    return first17 + alphabet[check]


def mobile(rng: Random) -> str:
    return f"1{rng.choice('35789')}{rng.randrange(10**9):09d}"
