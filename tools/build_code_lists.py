"""Builds the lists of countries and currencies in src/clew/kernel/tables/lists/.

    uv run --with babel --with pycountry python tools/build_code_lists.py

Codes come from pycountry (ISO 3166-1, ISO 4217), Chinese names from babel (CLDR); neither is a
dependency of the package. The other lists in that folder are short and kept by hand.
"""

from __future__ import annotations

from pathlib import Path

import pycountry
from babel import Locale

LISTS = Path(__file__).parents[1] / "src" / "clew" / "kernel" / "tables" / "lists"
# Names as GB/T 2659 and official papers print them, where CLDR has another.
COUNTRY_NAMES = {
    "COD": "刚果民主共和国",
    "COG": "刚果",
    "HKG": "中国香港",
    "MAC": "中国澳门",
    "PSE": "巴勒斯坦",
    "TWN": "中国台湾",
}
COUNTRY_FORMS = {
    "ARE": "阿联酋",
    "COD": "刚果(金)",
    "COG": "刚果(布)",
    "CHN": "中华人民共和国/中国籍",
    "HKG": "香港/中国香港特别行政区",
    "MAC": "澳门/中国澳门特别行政区",
    "TWN": "台湾/中国台湾省",
}
CURRENCY_NAMES = {"MOP": "澳门元", "KRW": "韩国元", "TWD": "新台湾元"}
CURRENCY_FORMS = {
    "CNY": "RMB/人民币元/元",
    "HKD": "港币",
    "KRW": "韩元/韩币",
    "MOP": "澳门币",
    "TWD": "新台币",
    "USD": "美金",
}
HEADER = """\
# {title}. Other forms after the second tab, parted by "/".
# Source: {source}. Written by tools/build_code_lists.py.
"""


def write(name: str, title: str, source: str, rows: list[tuple[str, str, str]]) -> None:
    with (LISTS / f"{name}.tsv").open("w", encoding="utf-8", newline="\n") as table:
        table.write(HEADER.format(title=title, source=source))
        table.writelines("\t".join(row) + "\n" for row in sorted(rows))
    print(f"{len(rows)} rows -> {name}.tsv")


def countries(names: Locale) -> list[tuple[str, str, str]]:
    rows = []
    for country in pycountry.countries:
        code = country.alpha_3
        name = COUNTRY_NAMES.get(code) or names.territories[country.alpha_2]
        forms = [country.alpha_2, country.numeric, *COUNTRY_FORMS.get(code, "").split("/")]
        rows.append(
            (code, name.translate({0xFF08: "(", 0xFF09: ")"}), "/".join(filter(None, forms)))
        )
    return rows


def currencies(names: Locale) -> list[tuple[str, str, str]]:
    """Money that circulates: codes with X are metals and units of account."""
    rows = []
    for currency in pycountry.currencies:
        code = currency.alpha_3
        circulates = not code.startswith("X") or code in ("XAF", "XCD", "XOF", "XPF")
        name = CURRENCY_NAMES.get(code) or names.currencies.get(code)
        if circulates and name and "资金" not in name:
            forms = [currency.numeric, *CURRENCY_FORMS.get(code, "").split("/")]
            rows.append((code, name, "/".join(filter(None, forms))))
    return rows


def main() -> None:
    names = Locale("zh", script="Hans")
    source = "pycountry {}, names of CLDR (babel)"
    write(
        "country", "GB/T 2659 countries and regions", source.format("ISO 3166-1"), countries(names)
    )
    write("currency", "GB/T 12406 currencies", source.format("ISO 4217"), currencies(names))


if __name__ == "__main__":
    main()
