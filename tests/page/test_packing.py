"""Packed poses: what is unpacked is what was packed, within what an eye can tell."""

import numpy as np
import pytest

from dmi_sim.page.packing import GRAIN_M, packed, unpacked
from dmi_sim.render.frames import Poses


def some_poses() -> Poses:
    random = np.random.default_rng(0)
    quaternion = random.normal(size=(20, 4))
    quaternion /= np.linalg.norm(quaternion, axis=1, keepdims=True)
    return Poses(random.uniform(-3, 3, (20, 3)), quaternion)


def test_poses_come_back_to_a_quarter_of_a_millimetre() -> None:
    poses = some_poses()
    back = unpacked(packed(poses))
    assert back[:, :3] == pytest.approx(poses.position_m, abs=GRAIN_M)
    assert back[:, 3:] == pytest.approx(poses.quaternion, abs=1e-4)


def test_what_is_not_to_be_drawn_comes_back_as_nothing() -> None:
    poses = some_poses()
    poses.position_m[3] = np.nan
    back = unpacked(packed(poses))
    assert np.isnan(back[3, :3]).all()
    assert np.isfinite(back[4]).all()


def test_an_infant_that_is_thrown_far_stays_at_the_edge() -> None:
    poses = Poses(np.full((1, 3), 1e6), np.array([[0.0, 0.0, 0.0, 1.0]]))
    assert unpacked(packed(poses))[0, 0] == pytest.approx(8.19, abs=0.01)


def test_an_infant_takes_less_than_four_hundred_bytes() -> None:
    assert len(packed(some_poses())) < 400
