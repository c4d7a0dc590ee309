"""What if a parameter were another: the same batches once more, beside the clues of then.

Nothing is stored. Without other parameters it compares versions: the detector as it is now with
the version whose run is looked at, on the batches that this run froze.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clew.declare import Detector, Params, Rule, registry
from clew.detection import code, inputs
from clew.detection.actions import identity, open_engine
from clew.detection.facts import Candidate
from clew.detection.models import RAN, Clue, Hit, Run, Verdict
from clew.detection.plan import Progress, execute, plan
from clew.detection.precision import Share, precision
from clew.detection.verdicts import queries as verdicts
from clew.kernel.errors import NotFound
from clew.kernel.workspace import Workspace

COMES, GOES, CHANGES, STAYS = "comes", "goes", "changes", "stays"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one side says of a clue; amounts in fen."""

    severity: str
    fund: int
    account: int

    @property
    def amount(self) -> int:
        return self.fund + self.account


@dataclass(frozen=True, slots=True)
class Change:
    """One clue on both sides. `status` and `code` are its verdict; a clue never seen is open."""

    clue: str
    rule: str
    subject_kind: str
    subject_key: str
    fact: tuple[str, ...]
    before: Sight | None
    after: Sight | None
    status: str
    code: str

    @property
    def kind(self) -> str:
        if self.before is None:
            return COMES
        if self.after is None:
            return GOES
        return STAYS if self.before == self.after else CHANGES


@dataclass(frozen=True, slots=True)
class Total:
    """Clues of one kind: how many, what they are worth, how far they were right."""

    clues: int
    amount: int
    precision: Share
    causes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One detector with other parameters, beside one of its runs.

    `reason` tells what rules that could not run lack. `code_changed`: the difference may come from
    the code as well as from the parameters.
    """

    detector: str
    run: str
    versions: tuple[int, int]
    params: Mapping[str, tuple[str, str]]
    changes: tuple[Change, ...]
    code_changed: bool
    reason: str

    def total(self, *kinds: str) -> Total:
        """All clues of these kinds, by what they are worth where they stand last."""
        found = [c for c in self.changes if c.kind in kinds]
        return Total(
            len(found),
            sum(sight.amount for c in found if (sight := c.after or c.before)),
            precision(c.status for c in found),
            Counter(c.code for c in found if c.status == Clue.REBUTTED),
        )

    @property
    def before(self) -> Total:
        return self.total(GOES, CHANGES, STAYS)

    @property
    def after(self) -> Total:
        return self.total(COMES, CHANGES, STAYS)


def whatif(
    detectors: Sequence[Detector],
    overrides: Mapping[str, Mapping[str, str]],
    *,
    run: Run | None = None,
    progress: Progress = lambda text, share: None,
) -> list[Comparison]:
    """Compares each detector with its last run, or with `run`, whose other parameters are kept.

    Raises:
        InputError: an unknown parameter, or a value outside its bounds.
        NotFound: a detector that has not run, or not in that run.
        StoreError: inputs were purged or changed since.
    """
    return [_compared(d, overrides.get(d.id, {}), run or last_run(d), progress) for d in detectors]


def last_run(detector: Detector) -> Run:
    """
    Raises:
        NotFound: the detector has not run yet.
    """
    for run in Run.objects.order_by("-id"):
        if _ran(run, detector):
            return run
    raise _not_run(detector)


def _ran(run: Run, detector: Detector) -> bool:
    return any(o["id"] == detector.id and o["status"] == RAN for o in run.results)


def _not_run(detector: Detector) -> NotFound:
    return NotFound(
        f"{detector.id} 没有可比的运行 (this detector has no run to compare with)",
        next_step=f"clew detect {detector.id}",
    )


def _compared(
    detector: Detector, overrides: Mapping[str, str], run: Run, progress: Progress
) -> Comparison:
    if not _ran(run, detector):
        raise _not_run(detector)
    then = run.params[detector.id]
    known = {p.name for p in detector.params}
    params = detector.values({k: v for k, v in then.items() if k in known} | dict(overrides))
    found, reason = _again(detector, params, run, progress)
    packs = [registry.pack_of_detector(d) for d in run.versions if d in registry.detectors()]
    return Comparison(
        detector.id,
        run.code,
        (run.versions[detector.id], detector.version),
        {k: (then.get(k, ""), str(v)) for k, v in params.items() if then.get(k) != str(v)},
        _changes(run, detector, found),
        code.digest(packs) != run.code_hash,
        reason,
    )


def _again(
    detector: Detector, params: Params, run: Run, progress: Progress
) -> tuple[dict[str, tuple[Rule, Candidate]], str]:
    """Clue id → what is seen on the run's own batches and day; and what cannot run."""
    workspace = Workspace.current()
    frozen = inputs.Inputs.from_json(run.inputs, run.held, run.as_of)
    inputs.verify(frozen, workspace)
    pack = registry.pack_of_detector(detector.id)
    work = plan(pack, [detector], {detector.id: params}, frozen)
    with open_engine(workspace) as engine:
        results = execute(work, engine, progress)
    reason = "; ".join(f"{n.rule.code} {n.reason}".strip() for n in work.not_run)
    return {identity(detector, r.rule, c): (r.rule, c) for r in results for c in r.clues}, reason


def _changes(
    run: Run, detector: Detector, found: Mapping[str, tuple[Rule, Candidate]]
) -> tuple[Change, ...]:
    seen = {
        h.clue.code: h
        for h in Hit.objects.filter(run=run, clue__detector=detector.id).select_related("clue")
    }
    known = {
        c.code: c
        for c in Clue.objects.filter(detector=detector.id)
        if c.code in found or c.code in seen
    }
    words = verdicts.standing(c.pk for c in known.values())
    changes = []
    for name in sorted(found.keys() | seen.keys()):
        rule, fact = found.get(name, (None, None))
        clue = known.get(name)
        word = words.get(clue.pk) if clue else None
        changes.append(
            Change(
                name,
                rule.code if rule else clue.rule if clue else "",
                rule.subject if rule else clue.subject_kind if clue else "",
                str(fact.subject) if fact else clue.subject_key if clue else "",
                tuple(map(str, fact.key if fact else clue.fact_key if clue else ())),
                _sight(seen.get(name)),
                _sight(fact),
                clue.status if clue else Clue.OPEN,
                word.code if word and word.kind == Verdict.REBUTTED else "",
            )
        )
    return tuple(changes)


def _sight(said: Hit | Candidate | None) -> Sight | None:
    return Sight(said.severity, said.fund, said.account) if said else None
