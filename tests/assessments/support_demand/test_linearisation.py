"""The linear motion of a supported body, against pendulums."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXES
from dmi_sim.assessments.support_demand.linearisation import (
    free_motions,
    unstable_rates_per_s,
    wrench_map,
)
from dmi_sim.body.statics import GRAVITY_M_S2, gravity_torque
from tests.assessments.support_demand.postures import (
    DOWNWARDS,
    hands,
    sitting,
    without_passive_tissue,
)

FUSED_ABOVE_HIPS = tuple(axis.kind not in ("hip", "knee", "ankle") for axis in AXES)


def test_a_sitting_infant_can_rock_on_its_hips_and_move_all_that_is_above() -> None:
    above_hips = sum(FUSED_ABOVE_HIPS)
    assert free_motions(sitting()).shape == (40, above_hips + 1)


def test_free_motions_do_not_move_segments_on_the_floor() -> None:
    posture = sitting()
    basis = free_motions(posture)
    for segment in np.flatnonzero(posture.on_floor).tolist():
        velocity = wrench_map(posture, segment, np.zeros(3)).T @ basis
        assert velocity == pytest.approx(np.zeros_like(velocity), abs=1e-12)


def test_in_the_air_all_motions_are_free() -> None:
    posture = replace(sitting(), on_floor=(False,) * 15)
    assert free_motions(posture) == pytest.approx(np.eye(40))


def test_an_infant_fused_above_its_hips_topples_like_one_pendulum() -> None:
    start = sitting()
    arms_hang = np.where([axis.kind in ("shoulder", "elbow") for axis in AXES], 0, start.angle_rad)
    posture = without_passive_tissue(replace(start, angle_rad=arms_hang), FUSED_ABOVE_HIPS)
    above = [s for s, on_floor in enumerate(posture.on_floor) if not on_floor]
    pos, matrix = posture.segments()
    masses = posture.masses
    com = pos + np.einsum("sij,sj->si", matrix, masses.com_m)
    load = GRAVITY_M_S2 * masses.mass_kg[above] @ com[above, 2]  # about the hips, where z is 0
    inertia = 0.0
    for s in above:
        own = (matrix[s] @ np.diag(masses.inertia_kgm2[s]) @ matrix[s].T)[1, 1]
        inertia += own + masses.mass_kg[s] * (com[s, 0] ** 2 + com[s, 2] ** 2)
    rates = unstable_rates_per_s(posture, hands("none"))
    assert rates == pytest.approx([np.sqrt(load / inertia)], rel=1e-3)


def test_a_hanging_infant_fused_everywhere_does_not_topple() -> None:
    straight = replace(sitting(), angle_rad=np.zeros(34), on_floor=(False,) * 15)
    fused = without_passive_tissue(straight, (True,) * 34)
    assert unstable_rates_per_s(fused, hands("shoulder_girdle")) == ()
    assert unstable_rates_per_s(fused, hands("shanks")) != ()


def test_the_lower_the_hands_the_more_unstable_modes() -> None:
    posture = without_passive_tissue(sitting())
    counts = [len(unstable_rates_per_s(posture, hands(site))) for site in DOWNWARDS[1:]]
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]


@pytest.mark.parametrize("age", [0, 6, 24])
def test_passive_tissue_slows_the_fall(age: float) -> None:
    posture = sitting(age)
    bare = unstable_rates_per_s(without_passive_tissue(posture), hands("none"))
    assert unstable_rates_per_s(posture, hands("none"))[0] < bare[0]


def test_the_weights_of_all_segments_add_up_to_the_weight_of_the_body() -> None:
    posture = sitting()
    wrenches = [
        wrench_map(posture, s, posture.masses.com_m[s])[:, :3] @ (-weight * posture.up_pelvis)
        for s, weight in enumerate(GRAVITY_M_S2 * posture.masses.mass_kg)
    ]
    weight = gravity_torque(posture.masses, posture.angle_rad, posture.up_pelvis)
    assert np.sum(wrenches, axis=0) == pytest.approx(weight)
