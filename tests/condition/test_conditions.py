"""The shipped conditions change an infant as the clinic sees it."""

from functools import cache

import numpy as np
import pytest

import dmi_sim
from dmi_sim.anatomy import AXES, AXIS_INDEX, ROOTS
from dmi_sim.body.growth import WEEK_MONTHS, Sex
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.spec.condition import ConditionSpec

CLINICAL = {
    "acquired_brain_injury",
    "chromosomal_disorder",
    "down_syndrome",
    "global_developmental_delay",
    "hypotonia",
    "preterm",
    "spastic_cp",
    "spinal_cord_lesion",
    "typical",
}
CONDITIONS = dmi_sim.conditions()
CHANGING = tuple(name for name in CONDITIONS if name != "typical")
LEVELS = tuple(root for root in ROOTS if "C5" <= root <= "C8" or root[0] in "TL" or root == "S1")


@cache
def infant(
    condition: str, severity: float = 1.0, age_months: float = 7.0, **options: str
) -> Infant:
    return Infant.from_spec(age_months, "female", condition, severity, options)


def strength(one: Infant) -> np.ndarray:
    return np.array(one.muscles.peak_force_n)


def test_the_conditions_of_the_clinic_are_shipped() -> None:
    assert set(CONDITIONS) >= CLINICAL


@pytest.mark.parametrize("age_months", [0, 2, 7, 24])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_severity_zero_is_a_typical_infant_exactly(condition: str, age_months: int) -> None:
    mild, typical = (infant(name, 0.0, age_months) for name in (condition, "typical"))
    assert mild.size == typical.size
    assert mild.ordered_segments == typical.ordered_segments
    assert mild.muscles == typical.muscles
    assert mild.nervous == typical.nervous
    assert mild.developmental_months == typical.developmental_months


@pytest.mark.parametrize("age_months", [0, 7, 24])
@pytest.mark.parametrize("condition", CHANGING)
def test_strength_falls_with_severity_and_never_jumps(condition: str, age_months: int) -> None:
    forces = np.array(
        [strength(infant(condition, s, age_months)) for s in np.linspace(0, 1, 41).tolist()]
    )
    steps = np.diff(forces, axis=0) / forces[0]
    assert steps.max() <= 1e-12
    assert steps.min() > -0.05
    assert forces[-1].sum() < 0.97 * forces[0].sum()


@pytest.mark.parametrize("condition", CHANGING)
def test_every_number_of_the_infant_changes_monotonically_with_severity(condition: str) -> None:
    def numbers(severity: float) -> np.ndarray:
        one = infant(condition, severity, 20.0)
        n, t = one.nervous, one.muscles.tissue
        rows = (n.reflex_gain, n.phasic_gain_s, n.selectivity, n.motor_noise, n.sensation)
        tissue = (t.stiffness_nm_per_rad, t.damping_nms_per_rad, t.lowest_rad, t.highest_rad)
        return np.concatenate([*rows, *tissue, n.proprioceptive_delay_s, [n.noise.tilt_rad]])

    steps = np.diff([numbers(s) for s in np.linspace(0, 1, 11).tolist()], axis=0)
    assert (((steps > -1e-9).all(axis=0)) | ((steps < 1e-9).all(axis=0))).all()


def test_an_infant_born_early_has_the_nerves_and_proportions_of_its_corrected_age() -> None:
    early = Infant.from_spec(7, "female", "preterm", 1.0, {"weeks": 28})
    term = Infant.from_spec(7 - 12 * WEEK_MONTHS)
    assert early.developmental_months == pytest.approx(7 - 12 * WEEK_MONTHS)
    assert early.size == term.size
    assert early.ordered_segments == term.ordered_segments
    assert early.muscles == term.muscles
    assert early.nervous.central_delay_s == term.nervous.central_delay_s
    assert early.nervous.noise.tilt_rad > term.nervous.noise.tilt_rad


def test_severity_scales_how_early_birth_is_and_before_term_the_body_is_a_newborns() -> None:
    halfway = Infant.from_spec(7, "female", "preterm", 0.5, {"weeks": 28})
    assert halfway.developmental_months == pytest.approx(7 - 6 * WEEK_MONTHS)
    newborn = Infant.from_spec(0, "female", "preterm", 1.0, {"weeks": 24})
    assert newborn.developmental_months == 0
    assert newborn.mass_kg < 0.7


def test_a_birth_before_the_chart_begins_is_refused() -> None:
    with pytest.raises(InputError, match=r"condition_options.weeks: 25 is before week 27"):
        Infant.from_spec(7, "male", "preterm", 1.0, {"weeks": 25, "growth": "intergrowth"})


def test_children_with_down_syndrome_are_shorter_and_lighter() -> None:
    sexes: tuple[Sex, ...] = ("female", "male")
    lengths = [
        [Infant.from_spec(24, sex, "down_syndrome", s).length_m for sex in sexes] for s in (0, 1)
    ]
    assert np.mean(lengths[1]) / np.mean(lengths[0]) == pytest.approx(0.925, abs=0.01)
    assert infant("down_syndrome", 1.0, 24.0).mass_kg < 0.95 * infant("typical", 1.0, 24.0).mass_kg


def test_down_syndrome_softens_the_ankles_most_and_delays_sensory_feedback() -> None:
    changed, typical = infant("down_syndrome"), infant("typical")
    scale = changed.mass_kg * changed.length_m / (typical.mass_kg * typical.length_m)
    soft = np.divide(
        changed.muscles.tissue.stiffness_nm_per_rad, typical.muscles.tissue.stiffness_nm_per_rad
    )
    ankle, knee = (soft[AXIS_INDEX[f"left_{joint}.flexion"]] for joint in ("ankle", "knee"))
    assert ankle < knee < scale
    assert changed.nervous.central_delay_s > typical.nervous.central_delay_s + 0.015


@pytest.mark.parametrize(
    ("condition", "options"),
    [("spastic_cp", {"topography": "unilateral"}), ("acquired_brain_injury", {})],
)
def test_a_condition_of_one_side_spares_the_other(condition: str, options: dict[str, str]) -> None:
    changed, typical = (
        infant(condition, 1.0, 20.0, side="right", **options),
        infant("typical", 1.0, 20.0),
    )
    right = np.array(typical.muscles.sides) < 0
    weaker = strength(changed) < strength(typical)
    assert weaker[right].any()
    assert not weaker[~right].any()
    for field in ("selectivity", "motor_noise", "phasic_gain_s", "reciprocal_inhibition"):
        one, other = (np.array(getattr(i.nervous, field)) for i in (changed, typical))
        assert (one == other)[~right].all()
    tissue = changed.muscles.tissue.stiffness_nm_per_rad
    for i, axis in enumerate(AXES):
        if not axis.joint.startswith("right"):
            assert tissue[i] == typical.muscles.tissue.stiffness_nm_per_rad[i]


def test_diplegia_weakens_legs_more_than_arms_and_quadriplegia_all() -> None:
    typical = infant("typical")

    def left(topography: str, joint: str) -> float:
        changed = infant("spastic_cp", 0.8, topography=topography)
        return changed.peak_torque_nm(joint, "flexion") / typical.peak_torque_nm(joint, "flexion")

    assert left("diplegia", "knee") < 0.7 * left("diplegia", "elbow")
    assert left("quadriplegia", "knee") == pytest.approx(left("quadriplegia", "elbow"), rel=0.05)
    assert left("quadriplegia", "neck") < left("diplegia", "neck")


def test_in_cerebral_palsy_weakness_comes_first_and_stiffness_late() -> None:
    def change(age_months: float) -> tuple[float, float, float]:
        one, other = (infant(c, 1.0, age_months) for c in ("spastic_cp", "typical"))
        soleus, ankle = one.muscles.index("left_soleus"), AXIS_INDEX["left_ankle.flexion"]
        stiff = [i.muscles.tissue.stiffness_nm_per_rad[ankle] for i in (one, other)]
        weak = strength(one)[soleus] / strength(other)[soleus]
        return float(weak), one.nervous.phasic_gain_s[soleus], stiff[0] / stiff[1]

    (weak0, spastic0, stiff0), (weak24, spastic24, stiff24) = change(0), change(24)
    assert weak0 == pytest.approx(weak24)
    assert 0 < spastic0 < 0.3 * spastic24
    assert stiff0 == 1.0 < 1.2 < stiff24


def test_a_lower_level_keeps_at_least_as_much_of_every_muscle_and_joint_sense() -> None:
    rows = [infant("spinal_cord_lesion", 1.0, level=level) for level in LEVELS]
    assert len(rows) == 22
    for numbers in ([strength(i) for i in rows], [i.nervous.sensation for i in rows]):
        steps = np.diff(np.array(numbers), axis=0)
        assert (steps >= 0).all()
        assert (steps > 0).any(axis=1).sum() > 15


@pytest.mark.parametrize("level", LEVELS)
def test_below_a_complete_lesion_muscles_have_no_strength_and_no_reflex(level: str) -> None:
    changed, typical = infant("spinal_cord_lesion", 1.0, level=level), infant("typical")
    first = np.array([ROOTS.index(root) for root, _ in changed.muscles.roots])
    last = np.array([ROOTS.index(root) for _, root in changed.muscles.roots])
    intact = ROOTS.index(level)
    assert (strength(changed)[first > intact] == 0).all()
    assert (np.array(changed.nervous.reflex_gain)[first > intact] == 0).all()
    above = last <= intact
    assert (strength(changed)[above] == strength(typical)[above]).all()


def test_with_a_lesion_at_l3_the_ankle_has_neither_sensation_nor_strength() -> None:
    changed = infant("spinal_cord_lesion", 1.0, level="L3")
    assert changed.nervous.sensation[AXIS_INDEX["left_ankle.flexion"]] == 0
    assert changed.peak_torque_nm("ankle", "plantarflexion") == 0
    assert changed.peak_torque_nm("knee", "extension") > 0


def test_a_shift_of_standard_scores_makes_a_child_with_a_chromosomal_disorder_smaller() -> None:
    small = Infant.from_spec(12, "male", "chromosomal_disorder", 0.5, {"growth_z": -2})
    assert small.size == Infant.from_spec(12, "male", length_z=-1, weight_z=-1).size


@pytest.mark.parametrize("condition", CHANGING)
def test_every_condition_describes_its_changes_and_what_is_not_modelled(condition: str) -> None:
    spec = Catalog.shipped().load(ConditionSpec, condition)
    assert spec.description.endswith(".")
    assert len(spec.not_modelled) >= 2
    assert all(line.endswith(".") for line in spec.not_modelled)
    assert all(change.amount.note for change in spec.changes.values())
