"""Running detectors in the background, reading a run, trying other parameters."""

from __future__ import annotations

from django.http import HttpResponse

from clew.accounts.access import one
from clew.declare import Detector, T, registry
from clew.detection import access, whatif
from clew.detection.queries import Subjects
from clew.kernel.errors import InputError
from clew.web.door import Asked, done, page
from clew.web.work import actions
from clew.web.work.models import Work


def run(request: Asked) -> HttpResponse:
    """Queues a run of the chosen detectors, of all without a choice."""
    wanted = request.POST.getlist("detector")
    chosen = [registry.detector(w) for w in wanted] or list(registry.detectors().values())
    for domain in {registry.pack_of_detector(d.id).name for d in chosen}:
        access.require_domain(request.account, "run", domain)
    overrides = {d.id: _overrides(request, d) for d in chosen} if len(chosen) == 1 else {}
    for d in chosen:
        d.values(overrides.get(d.id, {}))
    title = ", ".join(d.id for d in chosen) if len(chosen) < 6 else f"{len(chosen)}"
    made = actions.ask(
        by=request.account, kind=Work.DETECT, title=title,
        argument={"detectors": [d.id for d in chosen], "overrides": overrides},
    )  # fmt: skip
    return done(request, T("已排队运行。", "The run is queued."), "work-one", code=made.code)


def show(request: Asked, code: str) -> HttpResponse:
    found = one(
        access.visible_runs(request.account), code,
        cause="没有这次运行 (no such run)", next_step="回模型 (back to the detectors)",
    )  # fmt: skip
    lines = [{"outcome": o, "detector": registry.detector(o["id"])} for o in found.results
             if o["id"] in registry.detectors()]  # fmt: skip
    inputs = [(name, len(files.get("files", []))) for name, files in found.inputs.items()
              if isinstance(files, dict)]  # fmt: skip
    return page(request, "detectors/run.html", {"run": found, "lines": lines, "inputs": inputs})


def what_if(request: Asked, id_: str) -> HttpResponse:
    """Which clues would come and go with other parameters, and what was said of them."""
    detector = registry.detector(id_)
    access.require_domain(
        request.account, "run", registry.pack_of_detector(detector.id).name
    )
    changed = _overrides(request, detector)
    if not changed:
        raise InputError(
            "没有改动参数 (no parameter was changed)", next_step="改一个参数 (change one)"
        )
    (found,) = whatif.whatif([detector], {detector.id: changed})
    moved = [c for c in found.changes if c.kind != whatif.STAYS]
    people = Subjects([int(c.subject_key) for c in moved if c.subject_kind == "person"])
    lines = [
        {"change": c, "subject": people.subject(c.subject_kind, c.subject_key),
         "fact": people.fact(c.fact)}
        for c in moved
    ]  # fmt: skip
    kinds = (whatif.COMES, whatif.GOES, whatif.CHANGES, whatif.STAYS)
    return page(
        request, "detectors/whatif.html",
        {"d": detector, "found": found, "lines": lines,
         "totals": [(k, found.total(k)) for k in kinds]},
    )  # fmt: skip


def _overrides(request: Asked, detector: Detector) -> dict[str, str]:
    """Parameters that the form gives another value than the detector declares."""
    given = {p.name: str(request.POST.get(f"param-{p.name}", "")).strip() for p in detector.params}
    known = {p.name: str(p.default) for p in detector.params}
    return {name: text for name, text in given.items() if text and text != known[name]}
