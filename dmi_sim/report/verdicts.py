"""The verdict words of a report; nowhere else is a result judged.

Fewer than six infants are described: no difference and no equivalence is claimed of them. From six
on a difference or an equivalence is claimed only if both its interval and its p value, corrected
for the number of comparisons, show it. Tests that could not tell the arms apart, because nobody
learnt or all came out alike, show no equivalence.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from dmi_sim.report.comparisons import Comparison
from dmi_sim.report.interactions import Interaction
from dmi_sim.report.labels import Measure, lower_first
from dmi_sim.statistics.intervals import Estimate
from dmi_sim.statistics.p_values import ALPHA, FEWEST_TO_DECIDE
from dmi_sim.tables import decimals_for, interval_text, number, p_text, with_unit

Decision: TypeAlias = Literal["unknown", "description", "difference", "equivalence", "undecided"]
"""What a comparison comes to; ``unknown`` has no interval, ``description`` too few infants."""


def decision(comparison: Comparison, margin: float, tells_apart: bool = True) -> Decision:
    """What a comparison comes to, before it is put into words.

    Args:
        comparison: The difference between two arms, corrected for the number of comparisons.
        margin: Largest difference that would not matter, in the unit of the outcome.
        tells_apart: Whether the tests could tell arms apart.
    """
    count, found = len(comparison.differences), comparison.difference
    if count < 2:
        return "unknown"
    if count < FEWEST_TO_DECIDE:
        return "description"
    if not found.contains(0.0) and comparison.p_holm < ALPHA:
        return "difference"
    return "equivalence" if tells_apart and is_equivalent(comparison, margin) else "undecided"


def is_equivalent(comparison: Comparison, margin: float) -> bool:
    """Whether interval and corrected p both say that a difference is less than the margin."""
    return comparison.p_equivalent_holm < ALPHA and _largest(comparison.difference) < margin


def headline(
    comparisons: Sequence[Comparison], measure: Measure, margin: float, tells_apart: bool = True
) -> str:
    """The answer of a study in one line.

    Args:
        comparisons: All comparisons of the study.
        measure: The outcome in words.
        margin: Largest difference that would not matter, in the unit of the outcome.
        tells_apart: Whether the tests could tell arms apart.
    """
    decisions = [decision(one, margin, tells_apart) for one in comparisons]
    if all(one == "unknown" for one in decisions):
        return "No verdict: no comparison has two infants or more."
    if not {"difference", "equivalence", "undecided"} & {*decisions}:
        return _headline_of_few(comparisons)
    bound = with_unit(f"{margin:g}", measure.unit)
    few = decisions.count("unknown") + decisions.count("description")
    parts = (
        _difference_part(decisions.count("difference"), len(decisions)),
        _part(decisions.count("equivalence"), len(decisions), f"equivalent within ±{bound}"),
        _part(few, len(decisions), "without a verdict, for want of infants"),
        "" if tells_apart else _BLIND,
    )
    return f"{'; '.join(part for part in parts if part)}."


_BLIND = "the tests could not tell the arms apart"


def _headline_of_few(comparisons: Sequence[Comparison]) -> str:
    counts = [len(one.differences) for one in comparisons if len(one.differences) > 1]
    infants = f"{max(counts)}" if min(counts) == max(counts) else f"{min(counts)} to {max(counts)}"
    each = " of each kind" if len({one.group for one in comparisons}) > 1 else ""
    return (
        f"A description of {infants} infants{each}, not a verdict: "
        f"fewer than {FEWEST_TO_DECIDE} describe, they do not decide."
    )


def _difference_part(different: int, all_of_them: int) -> str:
    if not different:
        return "No difference shown between any of the arms"
    part = f"A difference was shown in {different} of {_comparisons(all_of_them)}"
    return part if all_of_them == 1 else f"{part}, corrected for their number"


def _part(count: int, all_of_them: int, what: str) -> str:
    if not count:
        return ""
    return f"{count} of {_comparisons(all_of_them)} {'is' if count == 1 else 'are'} {what}"


def _comparisons(count: int) -> str:
    return f"{count} comparison{'' if count == 1 else 's'}"


def verdict(
    comparison: Comparison,
    titles: Mapping[str, str],
    measure: Measure,
    margin: float,
    tells_apart: bool = True,
) -> str:
    """The verdict of a comparison, in one sentence.

    Zero inside the interval means "no difference shown"; whether the arms may then be called
    equivalent is a separate question, answered by the margin that the study named.

    Args:
        comparison: The difference between two arms, corrected for the number of comparisons.
        titles: Titles of the arms, by name.
        measure: The outcome in words.
        margin: Largest difference that would not matter, in the unit of the outcome.
        tells_apart: Whether the tests could tell arms apart.
    """
    count = len(comparison.differences)
    higher = comparison.first if comparison.difference.value > 0 else comparison.second
    practised = f"after practice with {lower_first(titles[higher])}"
    match decision(comparison, margin, tells_apart):
        case "unknown":
            return f"No verdict: {count or 'no'} infant in both arms, and an interval needs two."
        case "description":
            return f"{_description(comparison, measure, practised, margin)}."
        case "difference":
            cautions = "".join(_cautions(comparison, measure.unit, margin))
            return f"Difference shown: {measure.title} is higher {practised}{cautions}."
        case "equivalence":
            bound = with_unit(f"{margin:g}", measure.unit)
            return f"No difference shown, and the arms are equivalent within ±{bound}."
        case "undecided" if not tells_apart:
            return f"No difference shown; {_BLIND}."
        case "undecided":
            possible = _possible(comparison, measure.unit, margin)
            return f"No difference shown{_correction(comparison)}{possible}."


def _description(comparison: Comparison, measure: Measure, practised: str, margin: float) -> str:
    """What a few infants showed, with the reservation that they do not decide."""
    seen = f"Seen in {len(comparison.differences)} infants, too few to decide"
    if comparison.difference.contains(0.0):
        return f"{seen}: no difference shown{_possible(comparison, measure.unit, margin)}"
    return f"{seen}: {measure.title} was higher {practised}"


def _correction(comparison: Comparison) -> str:
    """What the correction took away, where the interval alone would show a difference."""
    if comparison.difference.contains(0.0):
        return ""
    corrected = p_text(comparison.p_holm)
    return f" after correction for the number of comparisons (p = {corrected})"


def _possible(comparison: Comparison, unit: str, margin: float) -> str:
    """The differences that remain possible."""
    estimate = comparison.difference
    if _largest(estimate) == 0:
        return "; every infant came out the same in both arms"
    possible = with_unit(number(_largest(estimate), decimals_for(estimate)), unit)
    bound = with_unit(f"{margin:g}", unit)
    return f"; differences of up to {possible} are not ruled out (±{bound} would not matter)"


def _cautions(comparison: Comparison, unit: str, margin: float) -> Sequence[str]:
    """Reservations about a difference: its size, and tests that take no bell shape."""
    notes: list[str] = []
    if is_equivalent(comparison, margin):
        notes.append(f", but less than the {with_unit(f'{margin:g}', unit)} that would matter")
    robust = comparison.robust
    if comparison.p_sign_flip >= ALPHA or robust.contains(0.0):
        interval = interval_text(robust, decimals_for(robust))
        notes.append(
            ", but not without taking differences for bell-shaped "
            f"(sign-flip p = {p_text(comparison.p_sign_flip)}, robust interval {interval})"
        )
    return notes


def _largest(estimate: Estimate) -> float:
    return max(abs(estimate.low), abs(estimate.high))


def directions(comparison: Comparison) -> str:
    """In how many infants the difference goes which way; nothing if none is in both arms."""
    each = list(comparison.differences.values())
    if not each:
        return ""
    higher, lower = sum(value > 0 for value in each), sum(value < 0 for value in each)
    return (
        f"Higher with the first in {higher} of {len(each)} infants, lower in {lower}; "
        "in brackets the 95 % interval."
    )


def interaction_verdict(one: Interaction, measure: Measure) -> str:
    """Whether a difference between arms depends on a factor, in one sentence.

    Args:
        one: The difference of differences, corrected for the number of interactions.
        measure: The outcome in words.
    """
    fewest = min(one.infants)
    if not one.difference.known:
        return f"No verdict: {fewest or 'no'} infant of one kind, and an interval needs two."
    if fewest < FEWEST_TO_DECIDE:
        return f"Seen in {_both(one.infants)} infants, too few to decide."
    if one.p_holm < ALPHA and not one.difference.contains(0.0):
        return f"Interaction shown: the difference depends on {one.factor}."
    estimate = one.difference
    possible = with_unit(number(_largest(estimate), decimals_for(estimate)), measure.unit)
    return f"No interaction shown; up to {possible} is not ruled out."


def _both(infants: tuple[int, int]) -> str:
    return f"{infants[0]}" if infants[0] == infants[1] else f"{infants[0]} and {infants[1]}"
