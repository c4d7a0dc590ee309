"""Invented institutions of the twelve divisions, and the departments of the hospitals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from clew.packs.medical_insurance.sample.people import DIVISIONS

WORDS = ("明川", "青屿", "云塘", "海澜", "松浦", "望江", "石桥", "梅岭", "南溪", "东篱", "清渡")
CENTRES = {
    "330302": (120.66, 28.01),
    "330303": (120.81, 27.93),
    "330304": (120.64, 27.97),
    "330305": (121.16, 27.84),
    "330324": (120.69, 28.15),
    "330326": (120.57, 27.66),
    "330327": (120.43, 27.52),
    "330328": (120.09, 27.79),
    "330329": (119.72, 27.56),
    "330381": (120.66, 27.78),
    "330382": (120.98, 28.12),
    "330383": (120.55, 27.58),
}
DEPTS = (
    ("03", "内科", ""),
    ("04", "外科", ""),
    ("05", "产科", "obstetric"),
    ("19", "康复医学科", "rehab"),
    ("28", "重症医学科", "icu"),
)
BEDS = {"1": 60, "2": 320, "3": 1200}


@dataclass(frozen=True, slots=True)
class Institution:
    code: str
    name: str
    level: str
    kind: str
    div: str
    lon: float
    lat: float
    campus_of: str = ""
    successor: str = ""
    town: str = "001"


class Places:
    """All institutions by kind.

    `split` is the hospital of the split admissions; `merged` are an old and a new code of one
    house, `campuses` two campuses of one; planted cases alone use these five codes, beside the
    background. `wards` are hospitals for other planted stays; level 3 is never among them, so
    that its rates stay even. `partners` examine the patients of other wards by contract.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._sequence = dict.fromkeys(DIVISIONS, 0)
        divisions = list(DIVISIONS)
        self.level3 = [self._hospital("3", d, "中心医院") for d in divisions[:8]]
        self.level2 = [self._hospital("2", d, "人民医院") for d in divisions]
        self.level1 = [self._hospital("1", d, "卫生院", "township") for d in divisions]
        self.clinics = [self._make("H", "9", "clinic", d, "诊所") for d in divisions]
        self.pharmacies = [
            self._make("P", "9", "pharmacy", d, f"大药房{n}店") for d in divisions for n in "一二三"
        ]
        new = self._hospital("2", "330381", "协和医院")
        old = self._hospital("2", "330381", "第二医院", successor=new.code)
        self.merged = (old, new)
        head = self.level2[0]
        self.campuses = (
            self._hospital("2", "330302", "医院东院区", campus_of=head.code),
            self._hospital("2", "330302", "医院西院区", campus_of=head.code),
        )
        self.split = self._hospital("2", "330326", "仁济医院")
        self.level2 += [new, *self.campuses, self.split]
        self.partners = self.level1[9:]
        self.wards = [*self.level2[1:12], *self.level1[:9]]

    def all(self) -> list[Institution]:
        return [
            *self.level3, *self.level2, self.merged[0], *self.level1, *self.clinics,
            *self.pharmacies,
        ]  # fmt: skip

    def open(self, kind: str, div: str, town: str) -> Institution:
        """One more institution: pharmacy, clinic, township, or a hospital of level 2 or 3."""
        number = self._sequence[div] + 1
        if kind == "pharmacy":
            made = self._make("P", "9", kind, div, f"大药房{number}店")
        elif kind == "clinic":
            made = self._make("H", "9", kind, div, f"第{number}诊所")
        elif kind == "township":
            made = self._hospital("1", div, f"第{number}卫生院", kind)
        else:
            made = self._hospital(kind, div, f"第{number}医院")
        return replace(made, town=town)

    def _hospital(
        self,
        level: str,
        div: str,
        suffix: str,
        kind: str = "hospital",
        *,
        campus_of: str = "",
        successor: str = "",
    ) -> Institution:
        return self._make("H", level, kind, div, suffix, campus_of, successor)

    def _make(
        self,
        letter: str,
        level: str,
        kind: str,
        div: str,
        suffix: str,
        campus_of: str = "",
        successor: str = "",
    ) -> Institution:
        self._sequence[div] += 1
        number = self._sequence[div]
        lon, lat = CENTRES[div]
        return Institution(
            code=f"{letter}{div}{number:05d}",
            name=f"{DIVISIONS[div]}{self._rng.choice(WORDS)}{suffix}",
            level=level,
            kind=kind,
            div=div,
            lon=round(lon + self._rng.uniform(-0.04, 0.04), 4),
            lat=round(lat + self._rng.uniform(-0.04, 0.04), 4),
            campus_of=campus_of,
            successor=successor,
        )


def register_row(i: Institution) -> dict[str, str]:
    """Its row of mi_institution."""
    return {
        "fixmedins_code": i.code,
        "name": i.name,
        "hosp_lv": i.level,
        "inst_type": i.kind,
        "div": i.div,
        "town": i.div + i.town,
        "lon": f"{i.lon:.4f}",
        "lat": f"{i.lat:.4f}",
        "beds_approved": str(BEDS.get(i.level, "")),
        "beds_open": str(BEDS.get(i.level, "")),
        "only_in_town": "1" if i.kind == "township" else "0",
        "campus_of": i.campus_of,
        "successor_code": i.successor,
        "merge_date": "2023-01-01" if i.successor else "",
    }


def department_rows(i: Institution) -> list[dict[str, str]]:
    """Its rows of mi_dept; none where nobody lies in a bed."""
    return [
        {
            "fixmedins_code": i.code,
            "dept_codg": code,
            "name": name,
            "specialty": specialty,
            "start_date": "2015-01-01",
        }
        for code, name, specialty in (DEPTS if i.kind in ("hospital", "township") else ())
    ]
