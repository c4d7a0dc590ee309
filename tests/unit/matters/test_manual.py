"""The page of a lifecycle tells every state, move, paper, clock and limit."""

from __future__ import annotations

from clew.packs.medical_insurance.lifecycles import SUPERVISION
from tools.manual.lifecycles import lifecycle_page


def test_the_page_tells_everything() -> None:
    text = lifecycle_page(SUPERVISION)
    for each in (*SUPERVISION.states, *SUPERVISION.clocks):
        assert f"`{each.code}`" in text and each.title.zh in text
    for way in SUPERVISION.transitions:
        assert f"`{way.name}`" in text and way.title.zh in text
    for name, value in SUPERVISION.limits.items():
        assert f"`{name}`" in text and str(value) in text
    needed = {k for t in SUPERVISION.transitions for n in t.needs
              for k in ([n] if isinstance(n, str) else n)}  # fmt: skip
    for kind in needed:
        assert SUPERVISION.papers[kind].zh in text
