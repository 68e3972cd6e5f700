"""Passive tissue: it scales with the body, newborns have flexion contractures, springs restore."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXES, AXIS_INDEX
from dmi_sim.body.growth import BodySize
from dmi_sim.catalog import Catalog
from dmi_sim.infant import Infant
from dmi_sim.muscle.tissue import AxisTissue, Tissue, add_spring_torque, axis_tissue, build_tissue
from dmi_sim.records import records
from dmi_sim.spec.tissue import TissueSpec

AGES = (0.0, 1.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0)
TISSUES = {age: Infant.from_spec(age).muscles.tissue for age in AGES}
SPEC = Catalog.shipped().load(TissueSpec, "passive")


def of_size(mass_kg: float, length_m: float, age_months: float = 18.0) -> Tissue:
    return build_tissue(SPEC, BodySize(mass_kg, length_m, 0.45), age_months)


def lowest_deg(age_months: float, label: str) -> float:
    return float(np.degrees(TISSUES[age_months].lowest_rad[AXIS_INDEX[label]]))


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_newborn_cannot_straighten_hips_and_knees(side: str) -> None:
    assert lowest_deg(0, f"{side}_hip.flexion") > 20
    assert lowest_deg(0, f"{side}_knee.flexion") > 15


@pytest.mark.parametrize("joint", ["left_hip.flexion", "left_knee.flexion"])
def test_the_flexion_contracture_recedes_and_is_gone_at_a_year(joint: str) -> None:
    by_age = [lowest_deg(age, joint) for age in AGES]
    assert (np.diff(by_age) <= 0).all()
    assert lowest_deg(12, joint) < 0


def test_a_newborn_has_more_dorsiflexion_and_less_plantarflexion() -> None:
    ankle = AXIS_INDEX["left_ankle.flexion"]
    assert TISSUES[0].highest_rad[ankle] > TISSUES[18].highest_rad[ankle] + 0.3
    assert TISSUES[0].lowest_rad[ankle] > TISSUES[18].lowest_rad[ankle] + 0.3


def test_stiffness_and_damping_grow_with_age() -> None:
    names = ("stiffness_nm_per_rad", "damping_nms_per_rad", "end_stiffness_nm_per_rad")
    for name in names:
        values = np.array([getattr(TISSUES[age], name) for age in AGES])
        assert (np.diff(values, axis=0) > 0).all()
        assert values.min() > 0


def test_stiffness_scales_with_mass_times_length() -> None:
    small, heavy, tall = of_size(8, 0.7), of_size(16, 0.7), of_size(8, 1.4)
    for name in ("stiffness_nm_per_rad", "end_stiffness_nm_per_rad"):
        reference = np.array(getattr(small, name))
        assert getattr(heavy, name) == pytest.approx(2 * reference)
        assert getattr(tall, name) == pytest.approx(2 * reference)


def test_damping_scales_so_that_a_pendulum_keeps_its_damping_ratio() -> None:
    """The damping ratio of a pendulum is proportional to damping / (mass x length^1.5)."""
    small, other = of_size(8, 0.7), of_size(11, 0.9)
    ratio = (11 / 8) * (0.9 / 0.7) ** 1.5
    assert other.damping_nms_per_rad == pytest.approx(ratio * np.array(small.damping_nms_per_rad))


@pytest.mark.parametrize("age_months", AGES)
def test_the_resting_angle_is_within_the_range_of_motion(age_months: float) -> None:
    tissue = TISSUES[age_months]
    low, rest, high = map(np.array, (tissue.lowest_rad, tissue.rest_rad, tissue.highest_rad))
    assert (low < high).all()
    assert (low <= rest).all()
    assert (rest <= high).all()


def test_the_reference_body_has_the_values_of_the_file() -> None:
    body = SPEC.reference_body
    tissue = of_size(body.mass_kg, body.length_m)
    joints = {str(kind): axes for kind, axes in SPEC.joints.items()}
    for i, axis in enumerate(AXES):
        spec = joints[axis.kind][axis.name]
        assert tissue.stiffness_nm_per_rad[i] == pytest.approx(spec.stiffness.value)
        assert tissue.damping_nms_per_rad[i] == pytest.approx(spec.damping.value)
        assert np.degrees(tissue.highest_rad[i]) == pytest.approx(spec.range.value[1])
        assert np.degrees(tissue.lowest_rad[i]) == pytest.approx(spec.range.value[0])


def test_both_sides_have_the_same_tissue() -> None:
    tissue = TISSUES[6.0]
    for label, i in AXIS_INDEX.items():
        if label.startswith("left_"):
            j = AXIS_INDEX[label.replace("left_", "right_")]
            assert tissue.rest_rad[i] == tissue.rest_rad[j]
            assert tissue.lowest_rad[i] == tissue.lowest_rad[j]
            assert tissue.stiffness_nm_per_rad[i] == tissue.stiffness_nm_per_rad[j]


STIFF = records(
    AxisTissue,
    {
        "stiffness_nm_per_rad": np.full(len(AXES), 2.0),
        "lowest_rad": -0.5,
        "highest_rad": 1.0,
        "rest_rad": 0.1,
        "end_stiffness_nm_per_rad": 10.0,
        "damping_nms_per_rad": 7.0,
    },
)


def spring(angle: float) -> float:
    """Torque of tissue that rests at 0.1 rad and stiffens beyond -0.5 and 1 rad."""
    out = np.zeros(len(AXES))
    add_spring_torque(np.full(len(AXES), angle), STIFF, out)
    assert (out == out[0]).all()
    return float(out[0])


@pytest.mark.parametrize(
    ("angle", "torque"),
    [
        (0.1, 0.0),
        (0.4, -2.0 * 0.3),
        (-0.4, 2.0 * 0.5),
        (1.2, -2.0 * 1.1 - 10.0 * 0.2),
        (-0.7, 2.0 * 0.8 + 10.0 * 0.2),
    ],
)
def test_the_elastic_torque_pulls_back_to_rest_and_harder_beyond_the_range(
    angle: float, torque: float
) -> None:
    assert spring(angle) == pytest.approx(torque)


@pytest.mark.parametrize("end", [1.0, -0.5])
def test_the_elastic_torque_is_continuous_at_the_ends_of_the_range(end: float) -> None:
    assert spring(end - 1e-9) == pytest.approx(spring(end + 1e-9), abs=1e-6)


def test_the_elastic_torque_is_added_to_the_torque_that_is_there() -> None:
    out = np.full(len(AXES), 7.0)
    add_spring_torque(np.full(len(AXES), 0.1), STIFF, out)
    assert out == pytest.approx(np.full(len(AXES), 7.0))


def test_every_axis_of_compiled_code_has_its_own_tissue() -> None:
    tissue = TISSUES[6.0]
    columns = axis_tissue(tissue)
    assert columns.size == len(AXES)
    for name in AxisTissue.__annotations__:
        assert columns[name].tolist() == list(getattr(tissue, name))
