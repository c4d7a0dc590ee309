"""Every step that a form on a matter's page takes. What may be done, the verbs say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse

from clew.declare import T
from clew.kernel.errors import InputError
from clew.kernel.money import typed_fen
from clew.matters import actions
from clew.matters.clocks import actions as clocks
from clew.matters.look_back import actions as looking
from clew.matters.money import actions as money
from clew.matters.outcomes import actions as outcomes
from clew.matters.papers import actions as papers
from clew.matters.papers.actions import Paper
from clew.web.door import Asked, View, done
from clew.web.work import actions as work
from clew.web.work.models import Work

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
Step = Callable[[Asked, str, ExitStack], T]


def advance(request: Asked, code: str, files: ExitStack) -> T:
    form = request.POST
    given = {k.removeprefix("answer-"): str(v) for k, v in form.items() if k.startswith("answer-")}
    actions.advance(
        by=request.account, matter=code, transition=form.get("transition", ""),
        answers={name: said for name, said in given.items() if said},
        attachments=_papers(request, files), expected_state=form.get("state", ""),
        note=form.get("note", ""),
    )  # fmt: skip
    return T("已流转。", "Moved on.")


def assign(request: Asked, code: str, files: ExitStack) -> T:
    form = request.POST
    actions.assign(
        by=request.account, matter=code, handlers=form.getlist("handler"),
        department=form.get("department", ""), reason=form.get("reason", ""),
        expected_state=form.get("state", ""),
    )  # fmt: skip
    return T("已交办。", "Assigned.")


def return_(request: Asked, code: str, files: ExitStack) -> T:
    actions.return_once(
        by=request.account, matter=code, reason=_reason(request),
        expected_state=request.POST.get("state", ""),
    )  # fmt: skip
    return T("已退回。", "Returned.")


def suspend(request: Asked, code: str, files: ExitStack) -> T:
    found = _papers(request, files)
    actions.suspend(
        by=request.account, matter=code, ground=request.POST.get("ground", ""),
        reason=_reason(request), paper=found[0] if found else None,
    )  # fmt: skip
    return T("已中止，时限停计。", "Suspended: its clocks stand.")


def resume(request: Asked, code: str, files: ExitStack) -> T:
    actions.resume(by=request.account, matter=code, reason=_reason(request))
    return T("已恢复。", "Resumed.")


def reopen(request: Asked, code: str, files: ExitStack) -> T:
    actions.reopen(by=request.account, matter=code, reason=_reason(request))
    return T("已重启。", "Reopened.")


def merge(request: Asked, code: str, files: ExitStack) -> T:
    into = actions.merge(
        by=request.account, matter=code, into=request.POST.get("into", "").strip(),
        reason=_reason(request),
    )  # fmt: skip
    return T(f"已并入 {into.number}。", f"Merged into {into.number}.")


def attach(request: Asked, code: str, files: ExitStack) -> T:
    found = _papers(request, files)
    if not found:
        raise InputError("没有选文件 (no file is chosen)", next_step="选一个文件 (choose one)")
    for each in found:
        papers.attach(by=request.account, matter=code, paper=each)
    return T(f"已附 {len(found)} 份材料。", f"{len(found)} attached.")


def answer(request: Asked, code: str, files: ExitStack) -> T:
    form = request.POST
    outcomes.answer_exclusion(
        by=request.account, matter=code, clue=form.get("clue", ""), code=form.get("code", ""),
        answer=form.get("answer", ""), reason=_reason(request),
    )  # fmt: skip
    return T("已记录。", "Recorded.")


def identify(request: Asked, code: str, files: ExitStack) -> T:
    clue = request.POST.get("clue", "")
    outcomes.confirm_subject(by=request.account, matter=code, clue=clue, reason=_reason(request))
    return T("身份已核实。", "The subject is confirmed.")


def settle(request: Asked, code: str, files: ExitStack) -> T:
    form = request.POST
    outcomes.settle_clue(
        by=request.account, matter=code, clue=form.get("clue", ""), reason=_reason(request),
        outcome=form.get("outcome", ""), code=form.get("code", ""),
    )  # fmt: skip
    return T("线索已认定。", "The clue is settled.")


def extend(request: Asked, code: str, files: ExitStack) -> T:
    amount = request.POST.get("amount", "")
    clocks.ask_extension(
        by=request.account, matter=code, code=request.POST.get("clock", ""),
        amount=int(amount) if amount.isdigit() else 0, reason=_reason(request),
    )  # fmt: skip
    return T("延期已申请，待另一人批准。", "Asked for; another decides.")


def approve(request: Asked, code: str, files: ExitStack) -> T:
    granted = request.POST.get("granted") == "yes"
    clocks.decide_request(
        by=request.account, matter=code, request=request.POST.get("request", ""), granted=granted,
        answer=_reason(request),
    )  # fmt: skip
    return T("已批准。", "Granted.") if granted else T("未批准。", "Not granted.")


def write_off(request: Asked, code: str, files: ExitStack) -> T:
    money.ask_write_off(by=request.account, matter=code, fen=_fen(request), reason=_reason(request))
    return T("核销已申请，待另一人批准。", "Asked for; another decides.")


def book(request: Asked, code: str, files: ExitStack) -> T:
    form = request.POST
    money.book(
        by=request.account, matter=code, kind=form.get("kind", ""), fen=_fen(request),
        booked_on=_day(form.get("booked_on", "")), reason=form.get("reason", ""),
        fund_type=form.get("fund_type", ""),
    )  # fmt: skip
    return T("已记账。", "Booked.")


def reverse_(request: Asked, code: str, files: ExitStack) -> T:
    entry = request.POST.get("entry", "")
    money.reverse(by=request.account, matter=code, entry=entry, reason=_reason(request))
    return T("已冲销。", "Reversed.")


def look_back(request: Asked, code: str) -> HttpResponse:
    """Queued, since its detectors run again."""
    matter = looking.check(by=request.account, matter=code)
    made = work.ask(
        by=request.account, kind=Work.LOOK_BACK, title=matter.number,
        argument={"matter": matter.code},
    )  # fmt: skip
    return done(request, T("正在回头看。", "Looking back."), "work-one", code=made.code)


def stepped(step: Step) -> View:
    """A page that takes a step and goes back to the matter."""

    def view(request: Asked, code: str) -> HttpResponse:
        with ExitStack() as files:
            said = step(request, code, files)
        anchor = request.POST.get("anchor", "")
        there = reverse("matter", args=[code])
        return done(request, said, f"{there}#{anchor}" if anchor.isalpha() else there)

    return view


STEPS: Mapping[str, tuple[View, str]] = {
    "advance": (stepped(advance), "advance"),
    "assign": (stepped(assign), "assign"),
    "return": (stepped(return_), "advance"),
    "suspend": (stepped(suspend), "suspend"),
    "resume": (stepped(resume), "suspend"),
    "reopen": (stepped(reopen), "reopen"),
    "merge": (stepped(merge), "merge"),
    "attach": (stepped(attach), "attach"),
    "answer": (stepped(answer), "settle"),
    "identify": (stepped(identify), "settle"),
    "settle": (stepped(settle), "settle"),
    "extend": (stepped(extend), "extend"),
    "approve": (stepped(approve), "approve"),
    "write-off": (stepped(write_off), "book"),
    "book": (stepped(book), "book"),
    "reverse": (stepped(reverse_), "book"),
    "look-back": (look_back, "look_back"),
}


def _reason(request: Asked) -> str:
    return str(request.POST.get("reason", ""))


def _fen(request: Asked) -> int:
    return typed_fen(request.POST.get("yuan", ""))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{text!r} 不是日期 (not a date)", next_step="YYYY-MM-DD") from None


def _papers(request: Asked, files: ExitStack) -> list[Paper]:
    """Uploaded files, kept until the step is taken: `paper-KIND` names a kind of the lifecycle."""
    found: list[Paper] = []
    for field in request.FILES:
        if not field.startswith("paper"):
            continue
        kind = field.removeprefix("paper").removeprefix("-") or request.POST.get("kind", "other")
        found += [Paper(kind, _kept(f, files), f.name or "") for f in request.FILES.getlist(field)]
    return found


def _kept(upload: UploadedFile[bytes], files: ExitStack) -> Path:
    if (upload.size or 0) > LARGEST:
        raise InputError(
            f"文件超过 {LARGEST >> 20} MB (the file is too large)",
            next_step="压缩或分开上传 (compress or split it)",
        )
    folder = files.enter_context(TemporaryDirectory(prefix="clew-upload-"))
    # The name that the file came with is never used as a path.
    path = Path(folder) / "upload"
    with path.open("wb") as out:
        for chunk in upload.chunks():
            out.write(chunk)
    return path
