"""How far a clue may be believed before anybody has looked: the weakest of three shares.

    link       the tier of the link it stands on (exact, or repaired: confirm identity first)
    quality    the smallest share of rows that entered the lake among its evidence's batches
    precision  lower bound of its detector version's precision (Wilson, 95 %); while fewer verdicts
               than `enough` are there, the stated prior

The least, and no product: the three are not independent, and a product would sink every clue.
Shares are whole parts in ten thousand, so that any two machines order alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from clew.datasets.models import Batch
from clew.declare import Params
from clew.detection.models import Clue, Evidence, Hit
from clew.detection.precision import Share, precision
from clew.detection.queries import confirm_identity

WHOLE = 10_000

Version = tuple[str, int]
"""Detector and its version."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """All in parts of 10,000. `verdicts` are those of the detector's version; `prior` says that
    they are too few and the stated prior stands in.
    """

    link: int
    quality: int
    precision: int
    verdicts: Share
    prior: bool

    @property
    def value(self) -> int:
        return min(self.link, self.quality, self.precision)

    @property
    def weakest(self) -> str:
        """Which of the three decided: link, quality, precision or prior."""
        if self.value == self.link < self.precision:
            return "link"
        if self.value == self.quality < self.precision:
            return "quality"
        return "prior" if self.prior else "precision"


def confidences(
    hits: Sequence[Hit], rows: Mapping[int, Sequence[Evidence]], p: Params
) -> dict[int, Confidence]:
    """Hit's database id → its confidence; `rows` as `queries.evidence` gives them."""
    verdicts = by_version()
    intake = _intake({row.batch for found in rows.values() for row in found})
    return {hit.pk: _confidence(hit, rows[hit.pk], verdicts, intake, p) for hit in hits}


def by_version() -> dict[Version, Share]:
    """Confirmed among verified clues that a version sighted, as the scorecard counts them."""
    verified = Hit.objects.filter(clue__status__in=(Clue.CONFIRMED, Clue.REBUTTED))
    told = verified.values_list("clue__detector", "run__versions", "clue_id", "clue__status")
    sighted: dict[Version, dict[int, str]] = {}
    for detector, versions, clue, status in told:
        sighted.setdefault((detector, versions[detector]), {})[clue] = status
    return {version: precision(found.values()) for version, found in sighted.items()}


def _confidence(
    hit: Hit,
    rows: Sequence[Evidence],
    verdicts: Mapping[Version, Share],
    intake: Mapping[str, int],
    p: Params,
) -> Confidence:
    share = verdicts.get((hit.clue.detector, hit.run.versions[hit.clue.detector]), Share(0, 0))
    few = share.n < p.enough or share.interval is None
    low = Decimal(p.prior) if few or share.interval is None else Decimal(str(share.interval[0]))
    link = Decimal(p.link_t2 if confirm_identity(rows) else p.link_t1)
    quality = min((intake.get(row.batch, 0) for row in rows), default=WHOLE)
    return Confidence(int(link * WHOLE), quality, int(low * WHOLE), share, few)


def _intake(batches: Iterable[str]) -> dict[str, int]:
    """Batch → accepted rows of those that were accepted or quarantined; duplicates say nothing."""
    listed = Batch.objects.filter(code__in=sorted(batches))
    return {
        code: WHOLE * accepted // (accepted + quarantined) if accepted + quarantined else WHOLE
        for code, accepted, quarantined in listed.values_list("code", "accepted", "quarantined")
    }
