"""Every declaration of every pack is complete: types, both languages, grounds, explanations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path

from clew.declare import Dataset, Detector, Pack, T
from clew.declare.types import Money, SemanticType

SECTIONS = ("Why it matters:", "Known gaps:", "To verify by hand:")
SEVERITIES = {"H", "M", "L"}
AWAITED: frozenset[str] = frozenset()
"""Grounds of declared detectors to come; an entry goes when the first of them names it."""
_DECLARES = re.compile(r"^@detector\(| = Detector\($", re.MULTILINE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def texts(value: object, where: str, seen: set[int]) -> Iterator[tuple[str, T]]:
    """Every bilingual text that can be reached from a declaration, with the way to it."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, T):
        yield where, value
    elif isinstance(value, type) and issubclass(value, Dataset):
        yield f"{where}.title", value.title
        for column in value.columns.values():
            yield from texts(column.title, f"{where}.{column.name}", seen)
            yield from texts(column.type, f"{where}.{column.name}.type", seen)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, f"{where}[{key}]", seen)
    elif isinstance(value, tuple | list):
        for number, item in enumerate(value):
            name = getattr(item, "name", getattr(item, "id", getattr(item, "code", number)))
            yield from texts(item, f"{where}/{name}", seen)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{where}.{field.name}", seen)


def all_datasets(packs: Sequence[Pack]) -> list[type[Dataset]]:
    return [d for pack in packs for d in pack.datasets]


def all_detectors(packs: Sequence[Pack]) -> list[tuple[Pack, Detector]]:
    return [(pack, d) for pack in packs for d in pack.detectors]


def folder_of(pack: Pack, root: Path) -> Path:
    package = pack.datasets[0].__module__.rsplit(".datasets", 1)[0]
    return root / "src" / Path(*package.split("."))


def test_every_text_has_both_halves(packs: Sequence[Pack]) -> None:
    found = [item for pack in packs for item in texts(pack, pack.name, set())]
    assert len(found) > 100
    missing = [where for where, text in found if not (text.zh.strip() and text.en.strip())]
    assert not missing
    swapped = [where for where, text in found if _HAN.search(text.en)]
    assert not swapped, "the English half is Chinese"


def test_every_column_is_tagged(packs: Sequence[Pack]) -> None:
    for dataset in all_datasets(packs):
        assert dataset.columns, dataset.name
        for column in dataset.columns.values():
            assert isinstance(column.type, SemanticType), f"{dataset.name}.{column.name}"
            assert _HAN.search(column.headers[0]), f"{dataset.name}.{column.name} has no 中文"


def test_every_key_column_is_required_or_replaceable(packs: Sequence[Pack]) -> None:
    """A row whose key may be empty could never be told from another."""
    loose = [
        f"{dataset.name}.{name}"
        for dataset in all_datasets(packs)
        for name in dataset.key
        if not dataset.columns[name].required
        and dataset.columns[name].default is None
        and name not in dataset.may_lack
    ]
    assert not loose


def test_one_contract_a_file_and_every_file_listed(packs: Sequence[Pack]) -> None:
    for pack in packs:
        for dataset in pack.datasets:
            assert dataset.__module__.rsplit(".", 1)[-1] == dataset.name


def test_declared_relations_have_unique_names(packs: Sequence[Pack]) -> None:
    names = [r.name for pack in packs for r in (*pack.datasets, *pack.derived)]
    assert len(names) == len(set(names))


def test_detectors_are_explained(packs: Sequence[Pack]) -> None:
    for _, detector in all_detectors(packs):
        missing = [section for section in SECTIONS if section not in detector.doc]
        assert not missing, f"{detector.id}: the module text lacks {missing}"
        assert "Looks for" in detector.doc, f"{detector.id} does not say what it looks for"


def test_detectors_rest_on_the_legal_register(installed: Sequence[Pack]) -> None:
    """The pack to be copied is exempt: its permits come from another country."""
    for pack, detector in all_detectors(installed):
        assert detector.basis, f"{detector.id} names no ground"
        assert set(detector.basis) <= set(pack.legal), detector.id


def test_the_legal_register_holds_nothing_unused(installed: Sequence[Pack]) -> None:
    for pack in installed:
        used = {basis for detector in pack.detectors for basis in detector.basis}
        unused = set(pack.legal) - used - AWAITED
        assert not unused, f"{pack.name}: {sorted(unused)}"


def test_detectors_have_owner_review_and_unique_codes(packs: Sequence[Pack]) -> None:
    for pack, detector in all_detectors(packs):
        assert detector.owner in {owner.title.zh for owner in pack.owners}, detector.id
        assert detector.version >= 1
        for named in (detector.params, detector.conditions, detector.exclusions):
            codes = [getattr(item, "code", getattr(item, "name", "")) for item in named]
            assert all(codes)
            assert len(codes) == len(set(codes)), detector.id
        for rule in detector.rules:
            assert rule.conditions or rule.signals, f"{detector.id}{rule.code} asks nothing"


def test_parameters_carry_a_unit_and_lie_in_their_bounds(packs: Sequence[Pack]) -> None:
    for _, detector in all_detectors(packs):
        for param in detector.params:
            assert param.unit or isinstance(param.default, str), f"{detector.id}.{param.name}"
            assert param.read(str(param.default)) == param.default


def test_sources_of_exclusions_can_be_read(packs: Sequence[Pack]) -> None:
    for pack, detector in all_detectors(packs):
        datasets = {d.name: d for d in pack.datasets}
        asked = [item for rule in detector.rules for item in rule.asked]
        for item in asked:
            for source in item.sources:
                dataset, _, column = source.partition(".")
                assert dataset in datasets, f"{detector.id}.{item.code}: {source}"
                assert not column or column in datasets[dataset].columns, source
                assert dataset in detector.inputs, f"{detector.id} does not list {dataset}"


def test_detector_and_dataset_files_are_all_declared(packs: Sequence[Pack], root: Path) -> None:
    """The explicit lists hold what the disk holds: nothing is forgotten, nothing is magic."""
    for pack in packs:
        folder = folder_of(pack, root)
        declared = {d.module.partition(".detectors.")[2].split(".")[0] for d in pack.detectors}
        home = folder / "detectors"
        files = [*home.glob("*.py"), *home.glob("*/__init__.py")]
        on_disk = {
            (p.parent if p.name == "__init__.py" else p).stem
            for p in files
            if _DECLARES.search(p.read_text(encoding="utf-8"))
        }
        assert declared == on_disk
        contracts = {p.stem for p in (folder / "datasets").glob("*.py")}
        assert {d.name for d in pack.datasets} == contracts - {"__init__", "common"}


def test_comparisons_name_money_and_keys_of_both_datasets(packs: Sequence[Pack]) -> None:
    for pack in packs:
        datasets = {d.name: d for d in pack.datasets}
        for dataset in pack.datasets:
            for pair in dataset.compare:
                other = datasets[pair.other_dataset]
                for contract, column in ((dataset, pair.column), (other, pair.other_column)):
                    assert isinstance(contract.columns[column].type, Money), str(pair)
                assert pair.on in dataset.columns, str(pair)
                assert pair.on in other.columns, str(pair)
