"""Muscle groups: alike on both sides, moment arms as in anatomy, scaled to the infant."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES, AXIS_INDEX, LEFT, RIGHT
from dmi_sim.body.growth import BodySize
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.muscle.groups import Muscles, axis_of_action, build_muscles
from dmi_sim.spec.muscle import ACTIONS, MuscleSpec
from tests.mechanics import mirrored_angles

SPEC = Catalog.shipped().load(MuscleSpec, "hill_groups")
MUSCLES = Infant.from_spec(7).muscles
TWINS = [
    MUSCLES.index(
        name.replace("left_", "right_") if side == LEFT else name.replace("right_", "left_")
    )
    for name, side in zip(MUSCLES.names, MUSCLES.sides, strict=True)
]


def of_size(mass_kg: float, length_m: float, age_months: float = 18.0) -> Muscles:
    """Muscles of an infant of any size."""
    return build_muscles(SPEC, MUSCLES.tissue, BodySize(mass_kg, length_m, 0.45), age_months)


def crossed(name: str) -> set[str]:
    """Joints that a muscle crosses, without their side."""
    return {AXES[i].kind for i in np.flatnonzero(MUSCLES.moment_arms_m[MUSCLES.index(name)])}


def test_every_group_of_the_file_is_there_on_both_sides() -> None:
    assert len(MUSCLES.names) == len(set(MUSCLES.names)) == 2 * len(SPEC.groups)
    assert set(MUSCLES.names) == {f"{s}_{name}" for name in SPEC.groups for s in ("left", "right")}
    assert len(MUSCLES.names) >= 60


def test_every_field_has_one_value_per_muscle() -> None:
    for name in (
        "regions",
        "sides",
        "roots",
        "peak_force_n",
        "moment_arm_rows_m",
        "optimal_length_m",
    ):
        assert len(getattr(MUSCLES, name)) == len(MUSCLES.names)
    assert MUSCLES.moment_arms_m.shape == (len(MUSCLES.names), len(AXES))


def test_both_sides_have_the_same_muscles() -> None:
    for name in ("regions", "roots", "peak_force_n", "optimal_length_m", "neutral_length"):
        values = getattr(MUSCLES, name)
        assert values == tuple(values[twin] for twin in TWINS)
    assert MUSCLES.sides == tuple(-MUSCLES.sides[twin] for twin in TWINS)


def test_in_a_mirrored_posture_each_muscle_is_as_long_as_its_twin() -> None:
    random = np.random.default_rng(0)
    for _ in range(10):
        angle = random.normal(0, 0.5, len(AXES))
        here, there = MUSCLES.length_at(angle), MUSCLES.length_at(mirrored_angles(angle))
        assert there == pytest.approx(here[TWINS], abs=1e-12)


@pytest.mark.parametrize("axis", range(len(AXES)), ids=lambda i: AXES[i].label)
def test_every_axis_has_muscles_in_both_directions(axis: int) -> None:
    assert (MUSCLES.moment_arms_m[:, axis] > 0).any()
    assert (MUSCLES.moment_arms_m[:, axis] < 0).any()


@pytest.mark.parametrize(
    ("muscle", "axis", "direction"),
    [
        ("left_external_oblique", "waist.rotation", "right_rotation"),
        ("right_external_oblique", "waist.rotation", "left_rotation"),
        ("left_internal_oblique", "thoracic.rotation", "left_rotation"),
        ("right_internal_oblique", "thoracic.rotation", "right_rotation"),
        ("left_quadratus_lumborum", "waist.abduction", "left_bend"),
        ("right_quadratus_lumborum", "waist.abduction", "right_bend"),
        ("left_sternocleidomastoid", "neck.rotation", "right_rotation"),
        ("left_sternocleidomastoid", "neck.abduction", "left_bend"),
        ("right_splenius", "neck.rotation", "right_rotation"),
        ("right_semispinalis", "neck.flexion", "extension"),
        ("left_rectus_abdominis", "waist.flexion", "flexion"),
        ("left_iliopsoas", "left_hip.flexion", "flexion"),
        ("right_gluteus_maximus", "right_hip.flexion", "extension"),
        ("right_gluteus_medius", "right_hip.abduction", "abduction"),
        ("left_gluteus_medius", "left_hip.rotation", "internal_rotation"),
        ("left_adductors", "left_hip.abduction", "adduction"),
        ("right_vasti", "right_knee.flexion", "extension"),
        ("left_soleus", "left_ankle.flexion", "plantarflexion"),
        ("right_tibialis_anterior", "right_ankle.flexion", "dorsiflexion"),
        ("left_peronei", "left_ankle.abduction", "eversion"),
        ("right_tibialis_posterior", "right_ankle.abduction", "inversion"),
        ("left_middle_deltoid", "left_shoulder.abduction", "abduction"),
        ("right_infraspinatus", "right_shoulder.rotation", "external_rotation"),
        ("right_triceps", "right_elbow.flexion", "extension"),
        ("left_brachialis", "left_elbow.flexion", "flexion"),
    ],
)
def test_a_muscle_shortens_when_its_joint_moves_in_the_direction_of_its_action(
    muscle: str, axis: str, direction: str
) -> None:
    index = AXIS_INDEX[axis]
    towards = np.zeros(len(AXES))
    towards[index] = 0.3 if AXES[index].directions[0] == direction else -0.3
    assert direction in AXES[index].directions
    change = MUSCLES.length_at(towards) - MUSCLES.length_at(np.zeros(len(AXES)))
    assert change[MUSCLES.index(muscle)] < 0


@pytest.mark.parametrize("side", [LEFT, RIGHT])
@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_finds_an_axis_of_its_own_side(action: str, side: int) -> None:
    index, sign = axis_of_action(action, side)
    axis = AXES[index]
    assert sign in (1, -1)
    assert axis.kind == action.split(".")[0]
    if axis.kind != axis.joint:
        assert axis.joint.startswith("left" if side == LEFT else "right")
        assert axis.directions[(1 - sign) // 2] == action.split(".")[1]


@pytest.mark.parametrize(
    ("muscle", "joints"),
    [
        ("left_hamstrings", {"hip", "knee"}),
        ("right_rectus_femoris", {"hip", "knee"}),
        ("left_gastrocnemius", {"knee", "ankle"}),
        ("right_iliopsoas", {"waist", "hip"}),
        ("left_longissimus", {"waist", "thoracolumbar", "thoracic"}),
        ("right_biceps", {"shoulder", "elbow"}),
        ("left_soleus", {"ankle"}),
        ("left_vasti", {"knee"}),
    ],
)
def test_muscles_cross_the_joints_that_anatomy_says(muscle: str, joints: set[str]) -> None:
    assert crossed(muscle) == joints


def test_no_muscle_has_a_moment_arm_about_a_limb_of_the_other_side() -> None:
    for name, arms in zip(MUSCLES.names, MUSCLES.moment_arms_m, strict=True):
        other = "right_" if name.startswith("left_") else "left_"
        assert not [AXES[i].label for i in np.flatnonzero(arms) if AXES[i].joint.startswith(other)]


def test_fibre_lengths_and_moment_arms_scale_with_body_length_alone() -> None:
    small, heavy, tall = of_size(8, 0.7), of_size(12, 0.7), of_size(8, 0.84)
    assert heavy.moment_arm_rows_m == small.moment_arm_rows_m
    assert heavy.optimal_length_m == small.optimal_length_m
    assert tall.moment_arms_m == pytest.approx(1.2 * small.moment_arms_m)
    assert tall.optimal_length_m == pytest.approx(1.2 * np.array(small.optimal_length_m))


def test_at_equal_angles_infants_of_any_size_have_the_same_fibre_lengths() -> None:
    angle = np.random.default_rng(1).normal(0, 0.5, len(AXES))
    assert of_size(3, 0.5).length_at(angle) == pytest.approx(of_size(12, 0.9).length_at(angle))


def test_force_scales_with_body_mass_and_relative_strength_alone() -> None:
    curve = SPEC.relative_strength
    light, heavy, tall = of_size(8, 0.7), of_size(12, 0.7), of_size(8, 0.84)
    young = of_size(8, 0.7, age_months=curve.age_months[0])
    assert heavy.peak_force_n == pytest.approx(1.5 * np.array(light.peak_force_n))
    assert tall.peak_force_n == light.peak_force_n
    at_18 = curve.value[curve.age_months.index(18)]
    assert np.array(young.peak_force_n) / light.peak_force_n == pytest.approx(
        np.full(len(light.names), curve.value[0] / at_18)
    )


def test_the_reference_body_has_the_numbers_of_the_file() -> None:
    body, soleus = SPEC.reference_body, SPEC.groups["soleus"]
    muscles = of_size(body.mass_kg, body.length_m)
    at = muscles.index("left_soleus")
    force = SPEC.specific_tension.value * soleus.cross_section.value
    assert muscles.peak_force_n[at] == pytest.approx(force)
    assert muscles.optimal_length_m[at] == pytest.approx(soleus.optimal_length.value / 100)
    arm = soleus.moment_arms.value["ankle.plantarflexion"] / 100
    assert muscles.moment_arms_m[at, AXIS_INDEX["left_ankle.flexion"]] == pytest.approx(-arm)


@pytest.mark.parametrize("age_months", [0.0, 6.0, 24.0])
def test_over_the_range_of_motion_fibres_stay_at_lengths_where_they_can_pull(
    age_months: float,
) -> None:
    muscles = Infant.from_spec(age_months).muscles
    tissue = muscles.tissue
    for axis in range(len(AXES)):
        angle = np.zeros(len(AXES))
        for end in (tissue.lowest_rad[axis], tissue.highest_rad[axis]):
            angle[axis] = end
            length = muscles.length_at(angle)[np.flatnonzero(muscles.moment_arms_m[:, axis])]
            assert length.min() > 0.35
            assert length.max() < 1.7


def test_activation_and_deactivation_get_faster_with_age() -> None:
    by_age = [Infant.from_spec(age).muscles for age in (0, 3, 6, 12, 24)]
    for name in ("activation_time_s", "deactivation_time_s"):
        times = [getattr(muscles, name)[0] for muscles in by_age]
        assert times == sorted(times, reverse=True)
    assert all(m.activation_time_s < m.deactivation_time_s for m in by_age)
