"""Headline figures of the domain that deliveries and clues can feed."""

from __future__ import annotations

import ibis.expr.types as ir

from clew.declare import DISTINCT, SUM, Relations, T, indicator


@indicator(
    id="A1.1",
    label=T("协同部门", "Departments that deliver"),
    unit="个",
    measure=DISTINCT,
    text=T("{value}部门送来数据。", "{value} departments have delivered data."),
)
def departments(r: Relations) -> ir.Table:
    b = r["batches"]
    b = b.filter(b.status == "published")
    return b.select(ref=b.batch, value=b.department)


@indicator(
    id="A1.19",
    label=T("归集就诊记录", "Visit records pooled"),
    unit="条",
    measure=SUM,
    text=T(
        "已归集就诊记录{value}（样本 1:{scale}）。",
        "{value} visit records pooled (sample 1:{scale}).",
    ),
)
def visits(r: Relations) -> ir.Table:
    b = r["batches"]
    b = b.filter((b.status == "published") & (b.dataset == "mi_settlement"))
    return b.select(ref=b.batch, value=b.accepted)


@indicator(
    id="A1.19b",
    label=T("就诊记录批次", "Batches of visit records"),
    unit="批",
    text=T("就诊记录分{value}送达。", "They came in {value} batches."),
)
def visit_batches(r: Relations) -> ir.Table:
    b = r["batches"]
    b = b.filter((b.status == "published") & (b.dataset == "mi_settlement"))
    return b.select(ref=b.batch)


@indicator(
    id="A1.20",
    label=T("疑似线索", "Clues"),
    unit="条",
    text=T(
        "监督模型共发现疑似线索{value}，均待核查。", "The models see {value} clues, all unverified."
    ),
)
def clues(r: Relations) -> ir.Table:
    c = r["clues"]
    return c.select(ref=c.clue)


@indicator(
    id="A1.20a",
    label=T("死亡人员刷卡涉及基金", "Fund paid after death"),
    unit="元",
    measure=SUM,
    text=T(
        "死亡人员刷卡线索涉及基金{value}，个人账户支出另计。",
        "Clues of cards used after death involve {value} of the fund; accounts are kept apart.",
    ),
)
def after_death(r: Relations) -> ir.Table:
    c = r["clues"]
    c = c.filter(c.detector == "MI-01")
    return c.select(ref=c.clue, value=c.fund)


@indicator(
    id="A1.20b",
    label=T("线索涉及金额", "Money at stake"),
    unit="元",
    measure=SUM,
    text=T("全部线索涉及金额{value}。", "All clues together involve {value}."),
)
def at_stake(r: Relations) -> ir.Table:
    c = r["clues"]
    return c.select(ref=c.clue, value=c.fund + c.account)


INDICATORS = (departments, visits, visit_batches, clues, after_death, at_stake)
