"""Arms, outcomes and infants in plain words; verdicts stand in :mod:`dmi_sim.report.verdicts`."""

from collections.abc import Mapping
from dataclasses import dataclass

from dmi_sim.catalog import Catalog
from dmi_sim.outcome.practice import PRACTICE_OUTCOMES
from dmi_sim.outcome.registry import OUTCOMES, Direction
from dmi_sim.report.comparisons import Comparison
from dmi_sim.report.support_words import arm_schedule, schedule_title, support_title
from dmi_sim.spec.arm import ArmSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.support_schedule import SupportSchedule
from dmi_sim.statistics.intervals import UNBOUNDED, Bounds
from dmi_sim.tables import percent


@dataclass(frozen=True)
class Measure:
    """An outcome in the words of a report.

    Attributes:
        title: Name for the middle of a sentence.
        unit: Unit in typographic form; empty for plain numbers.
        meaning: Meaning in the words of a therapist.
        direction: Direction that is better for the infant.
        bounds: Smallest and largest value that are possible.
    """

    title: str
    unit: str
    meaning: str
    direction: Direction
    bounds: Bounds = UNBOUNDED

    @property
    def bracketed_unit(self) -> str:
        """The unit for a heading: ``[mm]``, or nothing for plain numbers."""
        return f"[{self.unit}]" if self.unit else ""


def measure(outcome: str) -> Measure:
    """The outcome of a name in the words of a report.

    >>> measure("cop_ellipse_area_prediction_mm2").unit
    'mm²'
    """
    found = PRACTICE_OUTCOMES.get(outcome) or OUTCOMES[outcome]
    words = found.title, unit_text(found.unit), found.meaning, found.direction
    return Measure(*words, found.bounds)


def unit_text(unit: str) -> str:
    """A unit in typographic form; empty for plain numbers.

    >>> unit_text("N.s"), unit_text("mm2"), unit_text("1")
    ('N·s', 'mm²', '')
    """
    return "" if unit == "1" else unit.translate(str.maketrans(".23", "·²³"))


def arm_titles(arms: Mapping[str, ArmSpec], catalog: Catalog) -> dict[str, str]:
    """Titles of arms by name, with the strength of the hands where arms differ in it.

    Arms of the same title also get their name in the study.

    Args:
        arms: Arms of a study, by name.
        catalog: Source of the titles of supports.
    """
    differ = common_strength(arms) is None
    plain = {name: _arm_title(arm, catalog, differ) for name, arm in arms.items()}
    titles = list(plain.values())
    return {
        name: title if titles.count(title) == 1 else f"{title} ({name})"
        for name, title in plain.items()
    }


def common_strength(arms: Mapping[str, ArmSpec]) -> float | None:
    """Strength of the hands if it is the same in all arms that have hands, else None.

    Hands that follow a schedule have a firmness of their own, which titles tell.
    """
    held = [arm for arm in arms.values() if _has_hands(arm)]
    strengths = {arm.support_strength for arm in held}
    is_plain = all(isinstance(arm.support, str) for arm in held)
    return strengths.pop() if is_plain and len(strengths) == 1 else None


def _has_hands(arm: ArmSpec) -> bool:
    return arm.support != "none" and arm.support_strength > 0


def _arm_title(arm: ArmSpec, catalog: Catalog, with_strength: bool) -> str:
    if not _has_hands(arm):
        return support_title("none", catalog)
    if isinstance(arm.support, SupportSchedule):
        return schedule_title(arm.support, arm.support_strength, catalog)
    title = support_title(arm.support, catalog)
    is_full_schedule = arm.support_strength == 1 and not arm_schedule(arm, catalog).is_constant
    if is_full_schedule or not with_strength:
        return title
    return f"{title}, {percent(arm.support_strength)} strength"


def lower_first(text: str) -> str:
    """The text for the middle of a sentence; a name of several words keeps its capitals.

    >>> lower_first("Hands at the pelvis"), lower_first("Dynamic Movement Intervention")
    ('hands at the pelvis', 'Dynamic Movement Intervention')
    """
    is_name = text[1:2].isupper() or text.partition(" ")[2][:1].isupper()
    return text if is_name else text[:1].lower() + text[1:]


def comparison_title(comparison: Comparison, titles: Mapping[str, str]) -> str:
    """The difference in words, such as ``Hands at the pelvis minus no hands``."""
    return f"{titles[comparison.first]} minus {lower_first(titles[comparison.second])}"


def spread_words(study: StudySpec) -> str:
    """What the intervals of a study tell of: how learning varies, or also how bodies do."""
    if study.subjects == "cohort":
        drawn = "sex and size are" if "drawn" in study.sexes else "size is"
        return (
            f"Bodies differ: {drawn} drawn for each infant from the growth standard, the same in "
            "every arm. The intervals tell how much learning and bodies vary, not all in which "
            "children differ."
        )
    return (
        "Infants of one kind share one body and differ in their random numbers only. The intervals "
        "tell how much learning varies (learning noise), not how much children differ."
    )
