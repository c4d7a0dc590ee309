"""How a matter of the fund supervision is handled, from suspicion to money, as data.

Referral to partners and the conference come with their own declarations; their state is not here.
Periods rest on texts of the legal register that are not all verified: `basis` says which.
"""

from __future__ import annotations

from types import MappingProxyType

from clew.declare import (
    OPENED,
    PAID,
    PREVIOUS,
    STAY,
    Answer,
    Clock,
    Lifecycle,
    State,
    T,
    Transition,
)

STATES = (
    State("FOUND", T("发现", "Found")),
    State("SCREENED", T("初筛", "Screened")),
    State("SELF_CHECK", T("自查自纠", "Self-check")),
    State("COORDINATION", T("协调", "Coordination")),
    State("ASSIGNED", T("交办", "Assigned")),
    State("VERIFYING", T("核查", "Verifying")),
    State("DECIDED", T("认定", "Decided"), knot="decision"),
    State("HANDLING", T("处理", "Handling"), knot="decision"),
    State("RECTIFYING", T("整改", "Rectifying"), knot="rectified"),
    State("RECHECK", T("回头看", "Recheck"), knot="look_back"),
    State("SUSPENDED", T("中止", "Suspended"), standing=True),
    State("REOPENED", T("重启", "Reopened")),
    State("CLOSED", T("办结", "Closed"), final=True, knot="look_back"),
    State("REBUTTED", T("排除", "Rebutted"), final=True, knot="decision"),
    State("MERGED", T("并案", "Merged"), final=True),
)

PAPERS = MappingProxyType(
    {
        "exclusion_answers": T("排除项核对单", "answers to the exclusions"),
        "return_form": T("自查退回表", "self-check return form"),
        "refund_proof": T("退款凭证", "proof of refund"),
        "evidence_list": T("证据清单", "evidence list"),
        "records": T("调取的病历与账册", "records copied"),
        "interview_notes": T("询问笔录", "interview notes"),
        "expert_opinion": T("专家意见", "expert opinion"),
        "statement": T("陈述申辩", "the subject's statement"),
        "notification_proof": T("告知送达证明", "proof of notification"),
        "notice": T("行政处罚事先告知书", "notice before the decision"),
        "legal_review": T("法制审核意见", "legal review"),
        "decision": T("处理决定", "decision"),
        "service_receipt": T("送达回证", "service receipt"),
        "rectification_report": T("整改报告", "rectification report"),
        "suspension_paper": T("中止依据", "paper of the suspension"),
        "archive": T("归档目录", "list of archived documents"),
        "other": T("其他", "other"),
    }
)

GROUNDS = MappingProxyType(
    {
        "appraisal": T("鉴定评估", "expert appraisal"),
        "announcement": T("公告送达", "public notice"),
        "hearing": T("听证", "hearing"),
        "force_majeure": T("不可抗力", "force majeure"),
        "court": T("等待司法结论", "a court's answer is awaited"),
    }
)
_ALL = tuple(GROUNDS)

CLOCKS = (
    Clock("screening", T("初筛", "screening"), 10, "wd", starts=(OPENED,), ends=("screen",)),
    Clock(
        "filing", T("立案与否", "decision on filing"), 15, "wd",
        starts=(OPENED,), ends=("file",), suspended_by=("appraisal", "force_majeure"),
        extend_by=15, basis="医疗保障行政处罚程序暂行规定 ?",
    ),
    Clock(
        "self_check", T("自查自纠", "self-check"), 20, "wd",
        starts=("self_check",), ends=("accept_self_check", "assign"), extend_by=10,
    ),
    Clock("taking", T("签收", "taking on"), 3, "wd",
          starts=("assign",), ends=("verify", "return", "return_again")),
    Clock(
        "on_site", T("现场核查", "on-site verification"), 30, "wd",
        starts=("verify",), ends=("notify",), suspended_by=_ALL, extend_by=15,
    ),
    Clock(
        "decision", T("作出决定", "decision"), 90, "cd",
        starts=("file",), ends=("decide",), suspended_by=_ALL, extend_by=60,
        basis="行政处罚法 第六十条",
    ),
    Clock(
        "hearing", T("申请听证", "hearing request"), 5, "wd", starts=("notify",), ends=("decide",),
        basis="行政处罚法 第六十四条、第八十五条",
    ),
    Clock(
        "refund", T("退款", "refund"), 15, "cd",
        starts=("serve",), ends=(PAID,), suspended_by=("court", "force_majeure"), extend_by=60,
    ),
    Clock(
        "rectifying", T("整改", "rectification"), 30, "wd",
        starts=("rectify", "fail_look_back", "partly_look_back"), ends=("recheck",),
        suspended_by=("force_majeure",), extend_by=30,
    ),
    Clock("look_back", T("回头看", "look-back"), 6, "m",
          starts=("recheck",), ends=("close", "fail_look_back", "partly_look_back")),
)  # fmt: skip

_STAFF = ("operator", "reviewer")
_HEADS = ("reviewer", "leader", "coordinator")
_OPEN = tuple(s.code for s in STATES if not s.final)
_WHY = Answer("reason", T("理由", "reason"))

_MEASURES = Answer(
    "measure", T("处理方式", "measure"), "choice",
    MappingProxyType({
        "refund": T("追回基金", "refund"),
        "fine": T("行政处罚", "fine"),
        "suspend_department": T("暂停科室医保服务", "suspension of a department's service"),
        "suspend_person": T("暂停个人联网结算", "suspension of online settlement"),
        "agreement": T("协议处理", "measures under the agreement"),
    }),
)  # fmt: skip

_VERIFYING = (
    Transition(
        "screen", T("初筛", "screen"), ("FOUND",), "SCREENED", (*_STAFF, "inspector"),
        needs=("exclusion_answers",), guards=("has_clues", "exclusions_seen"),
    ),
    Transition(
        "self_check", T("发起自查自纠", "ask for a self-check"), ("SCREENED",), "SELF_CHECK",
        _HEADS, guards=("below_high",),
    ),
    Transition(
        "accept_self_check", T("自查从轻认定", "accept the self-check"), ("SELF_CHECK",), "DECIDED",
        _HEADS, needs=("return_form", "refund_proof"),
        answers=(Answer("no_fraud", T("确认无骗保", "no fraud"), "yes"),),
        guards=("exclusions_answered", "clues_settled", "due_booked", "recovered_in_full"),
        four_eyes=True,
    ),
    Transition(
        "assign", T("交办", "assign"), ("SCREENED", "SELF_CHECK", "COORDINATION", "REOPENED"),
        "ASSIGNED", _HEADS, guards=("department_named", "handlers_named", "joint_team"),
        assigns=True, by_verb="assign",
    ),
    Transition(
        "reassign", T("改派", "reassign"),
        ("ASSIGNED", "VERIFYING", "DECIDED", "HANDLING", "RECTIFYING", "RECHECK"), STAY, _HEADS,
        answers=(_WHY,), guards=("department_named", "handlers_named", "joint_team"), assigns=True,
        by_verb="assign",
    ),
    Transition(
        "return", T("退回", "return"), ("ASSIGNED",), "SCREENED", _STAFF, answers=(_WHY,),
        guards=("first_return", "return_in_time"), by_handler=True, by_verb="return_once",
    ),
    Transition(
        "return_again", T("再次退回, 转协调", "return again: to coordination"), ("ASSIGNED",),
        "COORDINATION", _STAFF, answers=(_WHY,), guards=("second_return", "return_in_time"),
        by_handler=True, by_verb="return_once",
    ),
    Transition("verify", T("签收核查", "take on and verify"), ("ASSIGNED",), "VERIFYING", _STAFF,
               by_handler=True),
    Transition(
        "file", T("立案", "file"), ("VERIFYING",), STAY, (*_STAFF, "leader"),
        answers=(Answer("filed_on", T("立案日期", "filed on"), "date"),),
        dated_by="filed_on", once=True,
    ),
    Transition(
        "notify", T("告知", "serve the notice"), ("VERIFYING",), STAY, _STAFF, needs=("notice",),
        answers=(Answer("notified_on", T("告知日期", "served on"), "date"),),
        after=("file",), by_handler=True, dated_by="notified_on", once=True,
    ),
    Transition(
        "decide", T("认定", "decide"), ("VERIFYING",), "DECIDED", ("reviewer", "leader"),
        needs=("evidence_list", "records", "interview_notes", "expert_opinion",
               ("statement", "notification_proof")),
        after=("file", "notify"), waits=("hearing",),
        guards=("clues_settled", "exclusions_answered", "identity_confirmed", "legal_reviewed"),
        four_eyes=True,
    ),
)  # fmt: skip

_SETTLING = (
    Transition(
        "handle", T("作出处理", "handle"), ("DECIDED",), "HANDLING", _STAFF,
        needs=("decision",), answers=(_MEASURES,), guards=("due_booked",), by_handler=True,
    ),
    Transition(
        "serve", T("送达", "serve the decision"), ("HANDLING",), STAY, _STAFF,
        needs=("service_receipt",),
        answers=(Answer("served_on", T("送达日期", "served on"), "date"),),
        by_handler=True, dated_by="served_on", once=True,
    ),
    Transition("rectify", T("转入整改", "begin rectification"), ("HANDLING",), "RECTIFYING", _STAFF,
               needs=("service_receipt",), after=("serve",), by_handler=True),
    Transition("recheck", T("转入回头看", "begin the look-back"), ("RECTIFYING",), "RECHECK",
               _STAFF, needs=("rectification_report",), by_handler=True),
    Transition("fail_look_back", T("回头看未通过", "look-back failed"), ("RECHECK",), "RECTIFYING",
               _STAFF, guards=("look_back_failed",), escalates=True,
               by_verb="look_back"),
    Transition("partly_look_back", T("回头看部分通过", "look-back passed in part"), ("RECHECK",),
               "RECTIFYING", _STAFF, guards=("look_back_partial",),
               by_verb="look_back"),
    Transition(
        "close", T("办结", "close"), ("RECHECK",), "CLOSED", ("reviewer", "leader"),
        needs=("archive",),
        answers=(
            Answer("credit_event", T("信用事件", "credit event")),
            Answer("published_on", T("公开日期", "published on"), "date"),
        ),
        guards=("look_back_passed", "amounts_settled", "children_closed", "referrals_answered"),
        four_eyes=True,
    ),
)  # fmt: skip

_ASIDE = (
    Transition(
        "rebut", T("排除", "rebut"), ("FOUND", "SCREENED", "SELF_CHECK", "ASSIGNED", "VERIFYING"),
        "REBUTTED", ("reviewer", "leader"), answers=(_WHY,),
        guards=("clues_rebutted", "children_closed"), four_eyes=True,
    ),
    Transition(
        "merge", T("并案", "merge"), _OPEN, "MERGED", ("reviewer", "coordinator"),
        answers=(_WHY,), by_verb="merge",
    ),
    Transition(
        "suspend", T("中止", "suspend"), tuple(s for s in _OPEN if s != "SUSPENDED"), "SUSPENDED",
        _STAFF, needs=("suspension_paper",),
        answers=(Answer("ground", T("中止事由", "ground"), "choice", GROUNDS), _WHY),
        by_verb="suspend",
    ),
    Transition("resume", T("恢复", "resume"), ("SUSPENDED",), PREVIOUS, _STAFF,
               answers=(_WHY,), by_verb="resume"),
    Transition("reopen", T("重启", "reopen"), ("CLOSED", "REBUTTED"), "REOPENED",
               (*_STAFF, "leader"), answers=(_WHY,), by_verb="reopen"),
)  # fmt: skip

SUPERVISION = Lifecycle(
    id="fund_supervision",
    version=1,
    title=T("基金监管事项", "Fund supervision matter"),
    initial="FOUND",
    states=STATES,
    transitions=(*_VERIFYING, *_SETTLING, *_ASIDE),
    clocks=CLOCKS,
    papers=PAPERS,
    grounds=GROUNDS,
    limits=MappingProxyType(
        {
            "handlers": 2,
            "joint_amount": 1_000_000_00,
            "joint_departments": 2,
            "major_amount": 1_000_000_00,
        }
    ),
)

LIFECYCLES = (SUPERVISION,)
