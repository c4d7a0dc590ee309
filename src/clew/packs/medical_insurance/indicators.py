"""Headline figures of the domain that deliveries, clues, matters and money can feed."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from clew.declare import DISTINCT, RATIO, SUM, Relations, T, indicator


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


@indicator(
    id="A1.20c",
    label=T("线索转化率", "Clues made into matters"),
    unit="%",
    measure=RATIO,
    text=T("线索转为事项的占{value}。", "{value} of the clues were made into matters."),
)
def conversion(r: Relations) -> ir.Table:
    c = r["clues"]
    return c.select(ref=c.clue, value=(c.matter != "").cast("int64"), base=ibis.literal(1))


@indicator(
    id="A1.3",
    label=T("追回金额", "Money recovered"),
    unit="元",
    measure=SUM,
    text=T("累计追回{value}, 退还的已扣除。", "{value} recovered, net of what was returned."),
)
def recovered(r: Relations) -> ir.Table:
    m = r["money"]
    m = m.filter(m.kind.isin(("recovered", "returned")))
    return m.select(ref=m.entry, value=_signed(m, "returned"))


@indicator(
    id="A1.3a",
    label=T("应追金额", "Money due"),
    unit="元",
    measure=SUM,
    text=T("应追{value}。", "{value} due."),
)
def due(r: Relations) -> ir.Table:
    m = r["money"]
    m = m.filter(m.kind == "due")
    return m.select(ref=m.entry, value=m.fen)


@indicator(
    id="A1.3b",
    label=T("在途金额", "Money outstanding"),
    unit="元",
    measure=SUM,
    text=T("尚在途{value}, 核销的已扣除。", "{value} outstanding, net of write-offs."),
)
def outstanding(r: Relations) -> ir.Table:
    m = r["money"]
    m = m.filter(m.kind != "fine")
    return m.select(ref=m.entry, value=_signed(m, "recovered", "written_off"))


@indicator(
    id="A1.3c",
    label=T("追回率", "Share recovered"),
    unit="%",
    measure=RATIO,
    text=T("已追占应追的{value}。", "{value} of what is due was recovered."),
)
def share_recovered(r: Relations) -> ir.Table:
    m = r["money"]
    m = m.filter(m.kind.isin(("due", "recovered", "returned")))
    is_due = m.kind == "due"
    return m.select(
        ref=m.entry,
        value=is_due.ifelse(0, _signed(m, "returned")),
        base=is_due.ifelse(m.fen, 0),
    )


@indicator(
    id="M-OPEN",
    label=T("在办事项", "Matters in hand"),
    unit="件",
    text=T("在办事项{value}。", "{value} matters in hand."),
)
def in_hand(r: Relations) -> ir.Table:
    m = r["matters"]
    return m.filter(m.closed == 0).select(ref="matter")


@indicator(
    id="M-VERIFYING",
    label=T("核查阶段事项", "Matters being verified"),
    unit="件",
    text=T("其中发现至核查阶段{value}。", "{value} of them between found and verified."),
)
def verifying(r: Relations) -> ir.Table:
    return _in_states(r, "FOUND", "SCREENED", "SELF_CHECK", "COORDINATION", "ASSIGNED",
                      "VERIFYING", "REOPENED")  # fmt: skip


@indicator(
    id="M-HANDLING",
    label=T("认定处理阶段事项", "Matters being decided and handled"),
    unit="件",
    text=T("认定处理阶段{value}。", "{value} being decided and handled."),
)
def handling(r: Relations) -> ir.Table:
    return _in_states(r, "DECIDED", "HANDLING")


@indicator(
    id="M-RECTIFYING",
    label=T("整改回头看阶段事项", "Matters being rectified and rechecked"),
    unit="件",
    text=T("整改与回头看阶段{value}。", "{value} being rectified and rechecked."),
)
def rectifying(r: Relations) -> ir.Table:
    return _in_states(r, "RECTIFYING", "RECHECK")


@indicator(
    id="M-CLOSED",
    label=T("办结事项", "Matters closed"),
    unit="件",
    text=T("已办结{value}。", "{value} closed."),
)
def closed(r: Relations) -> ir.Table:
    return _in_states(r, "CLOSED")


@indicator(
    id="M-OVERDUE",
    label=T("超期事项", "Matters overdue"),
    unit="件",
    text=T("有期限已超的在办事项{value}。", "{value} matters in hand with a deadline overdue."),
)
def overdue(r: Relations) -> ir.Table:
    m = r["matters"]
    return m.filter((m.closed == 0) & (m.overdue == 1)).select(ref="matter")


def _in_states(r: Relations, *states: str) -> ir.Table:
    m = r["matters"]
    return m.filter(m.state.isin(states)).select(ref="matter")


def _signed(money: ir.Table, *against: str) -> ir.IntegerValue:
    """Fen of an entry, negative for kinds that take away."""
    return money.kind.isin(against).ifelse(-money.fen, money.fen)


INDICATORS = (
    departments, visits, visit_batches, clues, after_death, at_stake, conversion,
    recovered, due, outstanding, share_recovered,
    in_hand, verifying, handling, rectifying, closed, overdue,
)  # fmt: skip
