"""Plain words for arms, outcomes and results; every number comes in as an argument."""

from collections.abc import Mapping
from dataclasses import dataclass

from dmi_sim.catalog import Catalog
from dmi_sim.report.findings import Comparison, Group
from dmi_sim.spec.study import ArmSpec
from dmi_sim.spec.support import SupportSpec
from dmi_sim.tables import decimals_for, number, p_text, percent, with_unit

ALPHA = 0.05
"""A p value below it counts; goes with intervals of 95 %."""


@dataclass(frozen=True)
class Measure:
    """What an outcome is called and in what unit it is told."""

    title: str
    unit: str
    meaning: str


OUTCOMES: Mapping[str, Measure] = {
    "time_upright_s": Measure("time upright", "s", "how long the infant sat before it fell"),
    "sway_path_mm": Measure("sway path", "mm", "how far the centre of mass wandered"),
    "trunk_tilt_rms_rad": Measure("trunk tilt", "rad", "how far the trunk leaned on average"),
    "effort": Measure("effort", "", "mean squared muscle activation, 0 to 1"),
    "support_impulse_n_s": Measure("impulse of the hands", "N·s", "force times time of the hands"),
    "support_share_mean": Measure("weight in the hands", "", "share of body weight, 0 to 1"),
    "com_speed_mm_s": Measure("sway speed", "mm/s", "how fast the centre of mass wandered"),
    "com_speed_ap_mm_s": Measure("sway speed, front to back", "mm/s", "the same along x"),
    "com_speed_ml_mm_s": Measure("sway speed, side to side", "mm/s", "the same along y"),
    "com_ellipse_area_prediction_mm2": Measure(
        "sway area",
        "mm²",
        "95 % prediction ellipse of the centre of mass, Schubert & Kirchner 2014",
    ),
    "cop_path_mm": Measure("pressure path", "mm", "how far the centre of pressure wandered"),
    "cop_speed_mm_s": Measure("pressure speed", "mm/s", "how fast the centre of pressure wandered"),
    "cop_rms_ap_mm": Measure("pressure spread, front to back", "mm", "root mean square, along x"),
    "cop_rms_ml_mm": Measure("pressure spread, side to side", "mm", "root mean square, along y"),
    "cop_ellipse_area_prediction_mm2": Measure(
        "pressure area",
        "mm²",
        "95 % prediction ellipse of the centre of pressure, Schubert & Kirchner 2014",
    ),
    "cop_f50_hz": Measure("median frequency", "Hz", "half of the power of the pressure is below"),
    "cop_f95_hz": Measure("f95", "Hz", "95 % of the power of the pressure is below"),
    "cop_entropy_ap": Measure(
        "entropy, front to back", "", "sample entropy of the pressure (m 2, r 0.2 SD); 0 is regular"
    ),
    "cop_entropy_ml": Measure(
        "entropy, side to side", "", "sample entropy of the pressure (m 2, r 0.2 SD); 0 is regular"
    ),
    "margin_of_stability_mean_mm": Measure(
        "margin of stability",
        "mm",
        "how far inside its base the moving body was, Hof 2005; negative is tipping",
    ),
    "margin_of_stability_min_mm": Measure(
        "smallest margin of stability", "mm", "the moment nearest to tipping, Hof 2005"
    ),
    "head_trunk_phase_rad": Measure(
        "phase of head and trunk", "rad", "0 when they tilt together, π when against each other"
    ),
    "head_trunk_phase_sd_rad": Measure(
        "variation of that of head and trunk", "rad", "0 when they keep their relation"
    ),
    "thorax_pelvis_phase_rad": Measure(
        "phase of thorax and pelvis", "rad", "0 when they tilt together, π when against each other"
    ),
    "thorax_pelvis_phase_sd_rad": Measure(
        "variation of that of thorax and pelvis", "rad", "0 when they keep their relation"
    ),
    "muscle_work_j": Measure("work of the muscles", "J", "what shortening muscles gave"),
    "support_work_j": Measure(
        "work of the hands", "J", "what the hands gave the infant by moving it"
    ),
    "active_work_share": Measure(
        "active share of the work", "", "muscles over muscles and hands, 0 to 1; hands do the rest"
    ),
    "trunk_coactivation": Measure(
        "co-activation of the trunk",
        "",
        "front and back muscles at once, Falconer & Winter 1985, 0 to 1",
    ),
    "duration_s": Measure("episode length", "s", "how long a test lasted"),
}
"""Outcomes of tests, by column; what each column is exactly is in ``dmi_sim/study/columns.py``."""


CONDITIONS: Mapping[str, str] = {
    "typical": "typical development",
    "down_syndrome": "Down syndrome",
    "spastic_cp": "spastic cerebral palsy",
}
"""Conditions whose file name does not read as words."""


def arm_titles(arms: Mapping[str, ArmSpec], catalog: Catalog) -> dict[str, str]:
    """What to call each arm; how firm the hands are is told where arms differ in it.

    Arms that would be called the same are told apart by their name in the study.

    Args:
        arms: Of a study.
        catalog: Where hold files are, which bring their titles.
    """
    differ = common_strength(arms) is None
    plain = {name: _arm_title(arm, catalog, differ) for name, arm in arms.items()}
    called = list(plain.values())
    return {
        name: title if called.count(title) == 1 else f"{title} ({name})"
        for name, title in plain.items()
    }


def common_strength(arms: Mapping[str, ArmSpec]) -> float | None:
    """Strength of the hands, if it is one in all arms that have hands."""
    strengths = {arm.support_strength for arm in arms.values() if _has_hands(arm)}
    return strengths.pop() if len(strengths) == 1 else None


def _has_hands(arm: ArmSpec) -> bool:
    return arm.support != "none" and arm.support_strength > 0


def _arm_title(arm: ArmSpec, catalog: Catalog, tell_strength: bool) -> str:
    support = arm.support if _has_hands(arm) else "none"
    known = support in catalog.names(SupportSpec)
    title = catalog.load(SupportSpec, support).title if known else f"Hands as in {support}"
    told = tell_strength and _has_hands(arm)
    return f"{title}, {percent(arm.support_strength)} strength" if told else title


def lower_first(text: str) -> str:
    """The text for the middle of a sentence."""
    return text[:1].lower() + text[1:]


def group_title(group: Group) -> str:
    """An infant of the group in a few words."""
    sex = {"female": "girl", "male": "boy"}.get(group.sex, group.sex)
    kind = CONDITIONS.get(group.condition, group.condition.replace("_", " "))
    if group.condition != "typical":
        kind = f"{kind}, severity {group.severity:g}"
    return f"{sex} of {group.age_months:g} months, {kind}"


def comparison_title(comparison: Comparison, titles: Mapping[str, str]) -> str:
    """What is subtracted from what: ``Hands at the pelvis minus no hands``."""
    return f"{titles[comparison.first]} minus {lower_first(titles[comparison.second])}"


def verdict(
    comparison: Comparison, titles: Mapping[str, str], measure: Measure, margin: float
) -> str:
    """What a comparison shows, in one sentence.

    Zero inside the interval means "no difference shown"; whether the arms may then be called
    equivalent is a question of its own, answered against the margin that the study named.

    Args:
        comparison: The numbers.
        titles: What to call the arms.
        measure: What was measured.
        margin: Largest difference that would not matter, in its unit.
    """
    count = len(comparison.differences)
    if count < 2:
        return f"No verdict: {count or 'no'} infant in both arms, and an interval needs two."
    if comparison.difference.contains(0.0):
        return f"No difference shown{_how_sure(comparison, measure.unit, margin)}."
    higher = comparison.first if comparison.difference.value > 0 else comparison.second
    shown = f"{measure.title} is higher after practice with {lower_first(titles[higher])}"
    return f"Difference shown: {shown}{_cautions(comparison, measure.unit, margin)}."


def _how_sure(comparison: Comparison, unit: str, margin: float) -> str:
    """Whether "no difference shown" means that they are alike or that nobody can tell."""
    bound = with_unit(f"{margin:g}", unit)
    if comparison.p_equivalent < ALPHA:
        return f", and the arms are equivalent within ±{bound}"
    estimate = comparison.difference
    largest = max(abs(estimate.low), abs(estimate.high))
    reach = with_unit(number(largest, decimals_for(estimate)), unit)
    return f"; differences of up to {reach} are not ruled out (±{bound} would not matter)"


def _cautions(comparison: Comparison, unit: str, margin: float) -> str:
    """What speaks against making much of a difference."""
    notes: list[str] = []
    if comparison.p_holm >= ALPHA:
        notes.append(
            "but not after correction for the number of comparisons "
            f"(p = {p_text(comparison.p_holm)})"
        )
    if max(abs(comparison.difference.low), abs(comparison.difference.high)) < margin:
        notes.append(f"but less than the {with_unit(f'{margin:g}', unit)} that would matter")
    return "".join(f", {note}" for note in notes)
