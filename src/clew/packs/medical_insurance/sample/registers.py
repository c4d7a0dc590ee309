"""Registers as the city fills them: employers, staff, devices; a key has one row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from clew.kernel.errors import DeclarationError
from clew.packs.medical_insurance.datasets import DATASETS
from clew.packs.medical_insurance.sample.people import DIVISIONS, Births, credit_code, mobile
from clew.packs.medical_insurance.sample.places import Institution
from clew.packs.medical_insurance.sample.records import Cells, Records

STREETS = (
    "望江路", "学院路", "车站大道", "人民路", "飞云路", "横渎路", "水心街", "府前街", "环城路",
)  # fmt: skip
TRADES = ("鞋业", "电气", "服装", "阀门", "眼镜", "商贸", "建材", "物流", "印务", "食品")
WORDS = (
    "瑞丰", "恒达", "永鑫", "正泉", "宏川", "嘉禾", "东屿", "安澜", "百盛", "云帆", "金麦", "华序",
)  # fmt: skip
OPENED = date(2016, 1, 1)


@dataclass(frozen=True, slots=True)
class Employer:
    uscc: str
    name: str
    div: str
    address: str


@dataclass(frozen=True, slots=True)
class Staff:
    code: str
    name: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class Device:
    number: str
    place: str
    modality: str


class Registers:
    """Rows of registers, delivered first. Whoever needs a row says so; it is written once."""

    def __init__(self, records: Records, births: Births) -> None:
        self._records = records
        self._births = births
        self._rng = births.rng
        self._rows: dict[tuple[str, ...], Cells] = {}
        self._keys = {d.name: d.key for d in DATASETS}
        self._numbers: dict[str, int] = defaultdict(int)

    def add(self, dataset: str, **cells: str) -> Cells:
        """The row of that key, written if it is not there; empty cells of an earlier one are
        filled.

        Raises:
            DeclarationError: the row is there and says otherwise.
        """
        key = (dataset, *(cells.get(part, "") for part in self._keys.get(dataset, sorted(cells))))
        row = self._rows.get(key)
        if row is None:
            before, self._records.planted = self._records.planted, True
            row = self._rows[key] = self._records.add(dataset, 0, **cells)
            self._records.planted = before
            return row
        for column, text in cells.items():
            if text and row.get(column) not in (text, "", None):
                known = f"{dataset} {key[1:]} has {column} {row[column]}"
                raise DeclarationError(f"{known}, not {text}")
            row[column] = text or row.get(column, "")
        return row

    def employer(self, *, div: str = "", name: str = "", **cells: str) -> Employer:
        """An employer with a registry row of its own; `cells` replace what is usual."""
        rng = self._rng
        div = div or rng.choice(list(DIVISIONS))
        place, trade = DIVISIONS[div], rng.choice(TRADES)
        name = name or f"{place}{rng.choice(WORDS)}{rng.choice(WORDS)}{trade}有限公司"
        usual = {
            "emp_uscc": credit_code(rng),
            "name": name,
            "addr": f"浙江省温州市{place}{rng.choice(STREETS)}{rng.randint(1, 880)}号",
            "legal_name": self._births.name(),
            "est_date": date(rng.randint(2003, 2019), rng.randint(1, 12), 1).isoformat(),
            "agent_name": self._births.name(),
            "agent_tel": mobile(rng),
            "status": "存续",
        }
        row = self.add("org_registry", **(usual | cells))
        return Employer(row["emp_uscc"], row["name"], div, row["addr"])

    def staff(
        self,
        place: Institution,
        *,
        role: str = "doctor",
        practice: bool = True,
        start: date = OPENED,
        **cells: str,
    ) -> Staff:
        """A member of the staff with a licence and, if `practice`, a practice point at `place`."""
        self._numbers[place.div] += 1
        usual = {
            "staff_codg": f"D{place.div}{self._numbers[place.div]:06d}",
            "name": self._births.name(),
            "role": role,
            "licence_no": f"3303{self._rng.randrange(10**11):011d}",
            "licence_from": start.isoformat(),
            "assistant_flag": "0",
        }
        row = self.add("mi_staff", **(usual | cells))
        if practice:
            self.practice(row["staff_codg"], place, start=start)
        return Staff(row["staff_codg"], row["name"], row["role"], place.code)

    def practice(
        self, code: str, place: Institution, *, start: date = OPENED, **cells: str
    ) -> None:
        """A practice point of the staff member `code` at `place`."""
        usual = {"start_date": start.isoformat(), "multi_site_flag": "0"}
        self.add("mi_practice", staff_codg=code, fixmedins_code=place.code, **(usual | cells))

    def device(
        self,
        place: Institution,
        modality: str = "CT",
        *,
        minutes: int = 15,
        start: date = OPENED,
        **cells: str,
    ) -> Device:
        """A device of `place` in use from `start`."""
        self._numbers[place.code] += 1
        usual = {
            "device_no": f"{modality}{self._numbers[place.code]:03d}",
            "start_date": start.isoformat(),
            "reg_no": f"国械注准{self._rng.randrange(10**11):011d}",
            "modality": modality,
            "minutes": str(minutes),
        }
        row = self.add("mi_device", fixmedins_code=place.code, **(usual | cells))
        return Device(row["device_no"], place.code, modality)
