"""The policy numbers of triage, as data: what an hour buys and what is believed beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from clew.declare import HIGH, LOW, MEDIUM, Param, Params, T
from clew.kernel.errors import InputError

SEVERITIES = (HIGH, MEDIUM, LOW)

PARAMS = (
    Param("hours_h", Decimal(4), "h", T("核查一条 H 级线索", "to verify one clue of level H"),
          Decimal("0.25"), 80),
    Param("hours_m", Decimal(3), "h", T("核查一条 M 级线索", "to verify one clue of level M"),
          Decimal("0.25"), 80),
    Param("hours_l", Decimal(2), "h", T("核查一条 L 级线索", "to verify one clue of level L"),
          Decimal("0.25"), 80),
    Param("hours_group", Decimal(6), "h",
          T("每组一次的调卷与现场, 同行人员合计",
            "once a group: papers and the visit, all officers who go together"), 0, 200),
    Param("hours_day", Decimal(6), "h", T("每人每天可用于核查", "an officer's hours a day"), 1, 12),
    Param("prior", Decimal("0.5"), "",
          T("模型判定不足时假定的属实概率", "assumed chance of being true while verdicts are few"),
          0, 1),
    Param("enough", 10, "条", T("判定多少条后改用模型自己的精确率",
                               "verdicts from which a detector's own precision counts"), 1, 10_000),
    Param("account_share", Decimal(0), "",
          T("个人账户金额计入的比例", "share of personal-account money that counts"), 0, 1),
    Param("link_t1", Decimal(1), "", T("精确关联的可信度", "confidence of an exact link"), 0, 1),
    Param("link_t2", Decimal("0.8"), "",
          T("修复关联 (须先核实身份) 的可信度", "confidence of a repaired link"), 0, 1),
)  # fmt: skip


def values(overrides: Mapping[str, str] = MappingProxyType({})) -> Params:
    """Defaults with a person's overrides.

    Raises:
        InputError: an unknown parameter, an unreadable value or one out of bounds.
    """
    known = {param.name: param for param in PARAMS}
    if unknown := sorted(set(overrides) - set(known)):
        raise InputError(
            f"没有参数 {', '.join(unknown)} (no such parameter)",
            next_step=f"可用: {', '.join(known)}",
        )
    return Params(
        {n: p.read(overrides[n]) if n in overrides else p.default for n, p in known.items()}
    )


def hours(p: Params, severity: str) -> Decimal:
    """Officer hours to verify one clue."""
    return Decimal(p[f"hours_{severity.lower()}"])
