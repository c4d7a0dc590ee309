"""A dataset contract, written as a class.

    class Deaths(Dataset):
        \"\"\"Deaths that hospitals certified.\"\"\"
        name = "death_health"
        title = T("死亡医学证明", "Death certificates")
        owners = ("卫健委",)
        key = ("cert_no",)
        cert_no = Column(Text(), "死亡证明编号", en="Certificate number", required=True)

What the class declares is checked when it is defined, so a contract that does not fit together
never reaches a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from clew.declare.text import T
from clew.declare.types import Address, Date, PersonId, PersonName, SemanticType, Timestamp
from clew.kernel.errors import DeclarationError

BATCH, REGISTER, JOURNAL = "batch", "register", "journal"
ROW_ID = "row_id"


class Column:
    """One column: its type, its recognised headers, and whether it must be there.

    `headers` are Chinese titles parted by "/", the first is shown to people. The attribute's own
    name is a recognised header too. `default` stands where the column is absent or empty.
    """

    def __init__(
        self,
        type: SemanticType,
        headers: str,
        *,
        en: str,
        required: bool = False,
        default: str | None = None,
    ) -> None:
        self.type = type
        self.headers = tuple(part.strip() for part in headers.split("/"))
        self.title = T(self.headers[0], en)
        self.required = required
        self.default = default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        # A trailing underscore keeps a column apart from the contract's own attribute of that name.
        self.name = name.rstrip("_")

    def __repr__(self) -> str:
        return f"Column({self.name}: {self.type.name})"


@dataclass(frozen=True, slots=True)
class Cluster:
    """How the lake sorts a dataset: by person key, then date. Its history is cut by person."""

    person: str
    date: str


@dataclass(frozen=True, slots=True)
class Compare:
    """The same money told twice: the sums of both columns by the key column `on`, which has one
    name in both datasets, are near each other. Where they stand 10,000 to 1, a unit is wrong.
    """

    column: str
    other_dataset: str
    other_column: str
    on: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """How a row reverses another of its dataset: `flag` marks it, `original` holds the other's key
    (of one column).
    """

    flag: str
    original: str


class Dataset:
    """Base of all contracts; see the module text. Attributes in lower case are the contract's.

    `key` is the business key, `moment` the row's own time of upload or update (the later row
    wins), `main_date` the column whose span is the batch's period. `may_lack` names a required
    column whose absence is allowed where the stand-in named beside it is there. `fresh_days` is
    the age that the last facts of a delivery may have, `volume` the fewest and most rows that one
    usually holds: beyond them stands an alarm, nothing is held.
    """

    name: ClassVar[str]
    title: ClassVar[T]
    synonyms: ClassVar[tuple[str, ...]] = ()
    owners: ClassVar[tuple[str, ...]]
    mode: ClassVar[str] = BATCH
    key: ClassVar[tuple[str, ...]]
    cluster: ClassVar[Cluster | None] = None
    moment: ClassVar[str | None] = None
    main_date: ClassVar[str | None] = None
    may_lack: ClassVar[dict[str, str]] = {}
    fresh_days: ClassVar[int | None] = None
    volume: ClassVar[tuple[int, int] | None] = None
    compare: ClassVar[tuple[Compare, ...]] = ()
    reversal: ClassVar[Reversal | None] = None
    columns: ClassVar[dict[str, Column]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.columns = {c.name: c for c in vars(cls).values() if isinstance(c, Column)}
        _check(cls)

    @classmethod
    def schema(cls) -> dict[str, str]:
        """Lake column → Ibis type. Beside the declared columns stand `row_id`, the comparison
        form of each name (`<column>_key`), the precision of each time (`<column>_precision`) and
        the division of each address (`<column>_div`).
        """
        schema = {ROW_ID: "int64"}
        for column in cls.columns.values():
            schema[column.name] = column.type.lake
            if isinstance(column.type, PersonName):
                schema[f"{column.name}_key"] = "string"
            if isinstance(column.type, Timestamp | Date):
                schema[f"{column.name}_precision"] = "int8"
            if isinstance(column.type, Address):
                schema[f"{column.name}_div"] = "string"
        return schema

    @classmethod
    def person_columns(cls) -> tuple[Column, ...]:
        return tuple(c for c in cls.columns.values() if isinstance(c.type, PersonId))


def _check(contract: type[Dataset]) -> None:
    missing = [a for a in ("name", "title", "owners", "key") if not hasattr(contract, a)]
    if missing:
        raise DeclarationError(f"{contract.__name__} declares no {', '.join(missing)}")
    named = {
        *contract.key,
        *contract.may_lack,
        *contract.may_lack.values(),
        *(filter(None, (contract.moment, contract.main_date))),
    }
    if contract.cluster:
        named |= {contract.cluster.person, contract.cluster.date}
    named |= {part for pair in contract.compare for part in (pair.column, pair.on)}
    if contract.reversal:
        named |= {contract.reversal.flag, contract.reversal.original}
    for column in contract.columns.values():
        if isinstance(column.type, PersonId):
            named |= set(filter(None, (column.type.person_name, column.type.document)))
    unknown = sorted(named - set(contract.columns))
    if unknown:
        raise DeclarationError(f"{contract.name} names columns it does not have: {unknown}")
    if contract.reversal and len(contract.key) != 1:
        raise DeclarationError(f"{contract.name} reverses rows, so its key must be one column")
    if contract.volume and not 0 <= contract.volume[0] <= contract.volume[1]:
        raise DeclarationError(f"{contract.name} has impossible volume bounds: {contract.volume}")
    if not (contract.__doc__ or "").strip():
        raise DeclarationError(f"{contract.name} says nowhere what one row is")
