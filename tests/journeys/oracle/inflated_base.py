"""MI-10: a contribution base raised for a maternity allowance: two of five signals at least."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import pairwise
from statistics import median

from tests.journeys.oracle.rows import CLUE, Fact, Judged, Params, Row, Rows, month_after
from tests.journeys.oracle.visits import fen

TEN_THOUSAND = (Fraction(8_000), Fraction(12_500))
"""D09: bounds of a ratio that speaks of the wrong unit."""
MATCHING = Fraction(8, 10)
"""Part of the base's rise that wages must share in a promotion."""


def expected(city: Rows, params: Params) -> dict[Fact, Judged]:
    """`params` need `as_of` beside those of the detector."""
    books = _Books(city)
    found = {}
    for claim in city["mi_maternity"]:
        if claim["who"] is not None:
            case = _Claim(city, books, claim, params)
            outcome = case.outcome()
            if outcome:
                fact = ("", claim["emp_uscc"], str(claim["who"]), claim["dlvy_date"].isoformat())
                found[fact] = Judged(outcome, case.amount())
    return found


class _Books:
    """Bases and wages by person, employer and month."""

    def __init__(self, city: Rows) -> None:
        self.rows: dict[tuple[int, str, date], list[Row]] = defaultdict(list)
        self.staff: dict[tuple[str, date], set[int]] = defaultdict(set)
        self.wages: dict[tuple[int, str, date], int] = defaultdict(int)
        self.taxed: set[tuple[str, date]] = set()
        for row in city["si_contribution"]:
            if row["who"] is not None:
                self.rows[row["who"], row["emp_uscc"], row["month"]].append(row)
                self.staff[row["emp_uscc"], row["month"]].add(row["who"])
        for row in city["tax_wage"]:
            self.taxed.add((row["emp_uscc"], row["month"]))
            if row["who"] is not None:
                self.wages[row["who"], row["emp_uscc"], row["month"]] += row["wage_income"]

    def base(self, who: int, employer: str, month: date, *, court: bool = True) -> int | None:
        """The sum of a month's rows; None where there is none."""
        rows = self.rows.get((who, employer, month), [])
        bases = [r["base"] for r in rows if court or not r["court_doc_no"]]
        return sum(bases) if bases else None

    def wage(self, who: int, employer: str, month: date) -> int | None:
        """None: nothing of that employer and month was delivered."""
        if (employer, month) not in self.taxed:
            return None
        return self.wages.get((who, employer, month), 0)

    def employers(self, who: int) -> dict[str, list[date]]:
        found: dict[str, list[date]] = defaultdict(list)
        for person, employer, month in self.rows:
            if person == who:
                found[employer].append(month)
        return found


class _Claim:
    def __init__(self, city: Rows, books: _Books, claim: Row, params: Params) -> None:
        self.city, self.books, self.claim, self.params = city, books, claim, params
        self.who, self.employer = claim["who"], claim["emp_uscc"]
        self.delivery = claim["dlvy_date"].replace(day=1)
        count, before = params["count_months"], params["before_months"]
        self.counting = [month_after(self.delivery, -n) for n in range(count, 0, -1)]
        self.before = [month_after(self.counting[0], -n) for n in range(before, 0, -1)]
        paid = claim["pay_date"].replace(day=1)
        self.afterwards = [month_after(paid, n + 1) for n in range(params["fall_months"])]

    def outcome(self) -> str:
        """ "" where fewer than two signals speak at all."""
        signals = self._signals(court=True)
        if len(signals) < 2:
            return ""
        left, code = signals, ""
        for explains, name in (
            (self._unit_wide, "UNIT_WIDE_ADJUSTMENT"), (self._promotion, "PROMOTION_TAXED"),
            (self._merged, "EMPLOYER_MERGED"), (self._court, "COURT_BACK_PAY"),
        ):  # fmt: skip
            taken = left & explains()
            left = left - taken
            if taken and len(left) < 2:
                code = code or name
        if self._ten_thousand():
            return code or "UNIT_10K"
        return code or CLUE

    def amount(self) -> int:
        """Paid less the allowance from the employer's mean base of the year before, her raised
        months apart; employment that is fictitious as a whole is another detector's word.
        """
        year = self.claim["dlvy_date"].year - 1
        before = self._bases(self.before)
        usual = _median(before) if len(before) >= 3 else None
        bases = []
        for who, employer, month in self.books.rows:
            if employer == self.employer and month.year == year:
                base = self._base(who, month)
                raised = usual is None or base > _exact(self.params["jump"]) * usual
                if who != self.who or not raised:
                    bases.append(base)
        corrected = _mean(bases) if bases else Fraction(self.claim["allow_base"])
        days = Fraction(self.claim["leave_days"], self.params["days_per_month"])
        return max(fen(self.claim["allow_paid"] - corrected * days), 0)

    def _signals(self, *, court: bool) -> set[str]:
        tests = {
            "i": self._jump(court) or self._first(court), "ii": self._untaxed(court),
            "iii": self._joined(), "iv": self._falls(), "v": self._many(),
        }  # fmt: skip
        return {name for name, speaks in tests.items() if speaks}

    def _bases(self, months: list[date], *, court: bool = True) -> list[int]:
        found = (self.books.base(self.who, self.employer, m, court=court) for m in months)
        return [b for b in found if b is not None]

    def _jump(self, court: bool) -> bool:
        counting = self._bases(self.counting, court=court)
        before = self._bases(self.before, court=court)
        if not counting or len(before) < 3:
            return False
        return _ratio(_mean(counting), _median(before)) >= _exact(self.params["jump"])

    def _months(self) -> list[date]:
        return sorted(self.books.employers(self.who).get(self.employer, []))

    def _first(self, court: bool) -> bool:
        """Her first base here against the median of her colleagues' that month."""
        months = self._months()
        if not months:
            return False
        month = months[0]
        own = self.books.base(self.who, self.employer, month, court=court)
        others = self.books.staff[self.employer, month] - {self.who}
        bases = [b for p in others if (b := self.books.base(p, self.employer, month)) is not None]
        if own is None or len(bases) < 3:
            return False
        return _ratio(Fraction(own), _median(bases)) >= _exact(self.params["first_jump"])

    def _untaxed(self, court: bool) -> bool:
        declared = taxed = 0
        tested = False
        for month in self.counting:
            base = self.books.base(self.who, self.employer, month, court=court)
            wage = self.books.wage(self.who, self.employer, month)
            if base is not None and wage is not None:
                declared, taxed, tested = declared + base, taxed + wage, True
        return tested and declared > _exact(self.params["tax_ratio"]) * taxed

    def _joined(self) -> bool:
        months = self._months()
        return bool(months) and 0 <= _apart(months[0], self.delivery) <= self.params["join_months"]

    def _low(self) -> list[date]:
        """Months after the payment in which the base has fallen."""
        counting = self._bases(self.counting)
        if not counting:
            return []
        limit = _exact(self.params["fall"])
        bases = {m: self.books.base(self.who, self.employer, m) for m in self.afterwards}
        return [
            m for m, b in bases.items()
            if b is not None and _ratio(Fraction(b), _mean(counting)) <= limit
        ]  # fmt: skip

    def _falls(self) -> bool:
        if month_after(self.afterwards[-1], 1).toordinal() - 1 > self.params["as_of"].toordinal():
            return False
        paid = {m for months in self.books.employers(self.who).values() for m in months}
        return bool(self._low()) or not paid & set(self.afterwards)

    def _many(self) -> bool:
        insured = self.books.staff[self.employer, self.delivery]
        births = {
            (r["who"], r["dlvy_date"]) for r in self.city["mi_maternity"]
            if r["emp_uscc"] == self.employer
        }  # fmt: skip
        own = self.claim["dlvy_date"]
        most = 0
        for _, start in births:
            end = _same_day(start, self.params["claims_months"])
            within = [d for _, d in births if start <= d < end]
            if own in within:
                most = max(most, len(within))
        return len(insured) <= self.params["small"] and most >= self.params["claims"]

    def _unit_wide(self) -> set[str]:
        """Nearly everybody's base rose that month, by about the same ratio as hers."""
        months = [m for m in self.before + self.counting if self._bases([m])]
        rises = [
            (_ratio(Fraction(b), Fraction(a)), month)
            for earlier, month in pairwise(months)
            if (b := self._bases([month])[0]) > (a := self._bases([earlier])[0]) > 0
        ]  # fmt: skip
        if not rises:
            return set()
        hers, month = max(rises)
        previous = month_after(month, -1)
        others = (
            self.books.staff[self.employer, month] & self.books.staff[self.employer, previous]
        ) - {self.who}
        ratios = [
            _ratio(Fraction(self._base(p, month)), Fraction(self._base(p, previous)))
            for p in others
        ]  # fmt: skip
        risen = [r for r in ratios if r > 1]
        if not risen:
            return set()
        middle, band = _median(risen), _exact(self.params["unit_band"])
        alike = [r for r in risen if abs(r - middle) <= band]
        wide = Fraction(len(alike), len(ratios)) >= _exact(self.params["unit_share"])
        return {"i", "ii"} if wide and abs(hers - middle) <= band else set()

    def _base(self, who: int, month: date) -> int:
        return self.books.base(who, self.employer, month) or 0

    def _promotion(self) -> set[str]:
        counting, before = self._wages(self.counting), self._wages(self.before)
        bases, earlier = self._bases(self.counting), self._bases(self.before)
        if not (counting and before and bases and earlier and _median(before)):
            return set()
        rise = _ratio(_mean(bases), _median(earlier))
        wages = _ratio(_mean(counting), _median(before))
        if rise <= 1 or wages <= 1 or wages < MATCHING * rise:
            return set()
        fallen = [self.books.wage(self.who, self.employer, m) for m in self._low()]
        limit = _exact(self.params["fall"]) * _mean(counting)
        with_base = bool(fallen) and all(w is not None and w <= limit for w in fallen)
        return {"i", "ii", "iv"} if with_base else {"i", "ii"}

    def _wages(self, months: list[date]) -> list[int]:
        found = (self.books.wage(self.who, self.employer, m) for m in months if self._bases([m]))
        return [w for w in found if w is not None]

    def _merged(self) -> set[str]:
        own = self._months()
        explained = set()
        for other, months in self.books.employers(self.who).items():
            if other != self.employer and own and self._one_group(other):
                if min(months) < own[0]:
                    explained.add("iii")
                if max(months) > own[-1]:
                    explained.add("iv")
        return explained

    def _one_group(self, other: str) -> bool:
        register = {r["emp_uscc"]: r for r in self.city["org_registry"]}
        a, b = register.get(self.employer, {}), register.get(other, {})
        group = a.get("group_uscc")
        return (
            a.get("merged_into") == other or b.get("merged_into") == self.employer
            or (group is not None and group == b.get("group_uscc"))
        )  # fmt: skip

    def _court(self) -> set[str]:
        return (self._signals(court=True) - self._signals(court=False)) & {"i", "ii"}

    def _ten_thousand(self) -> bool:
        ratios = [
            Fraction(base, wage) for m in self.counting
            if (base := self.books.base(self.who, self.employer, m))
            and (wage := self.books.wage(self.who, self.employer, m))
        ]  # fmt: skip
        if not ratios:
            return False
        low, high = TEN_THOUSAND
        middle = _median(ratios)
        return low <= middle <= high or low <= 1 / middle <= high


def _exact(value: object) -> Fraction:
    return Fraction(str(value))


def _mean(values: list[int]) -> Fraction:
    return Fraction(sum(values), len(values))


def _median(values: list[int] | list[Fraction]) -> Fraction:
    return Fraction(median([Fraction(v) for v in values]))


def _ratio(part: Fraction, whole: Fraction) -> Fraction:
    """Rounded half up to four places, as ratios are before they are compared."""
    if whole == 0:
        return Fraction(10**9 if part else 0)
    return Fraction(int(part / whole * 10_000 + Fraction(1, 2)), 10_000)


def _apart(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def _same_day(start: date, months: int) -> date:
    """The same day number that many months later, or the last day of that month."""
    first = month_after(start.replace(day=1), months)
    last = (month_after(first, 1) - first).days
    return first.replace(day=min(start.day, last))
