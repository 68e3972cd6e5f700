"""A convex hull has all points inside, and turns one way."""

import numpy as np
import pytest

from dmi_sim.render.hull import convex_hull


@pytest.mark.parametrize("seed", range(5))
def test_all_points_are_on_one_side_of_every_edge(seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(40, 2))
    hull = np.array(convex_hull([(x, y) for x, y in points.tolist()]))
    edges = np.roll(hull, -1, axis=0) - hull
    to_points = points[:, None] - hull
    cross = edges[:, 0] * to_points[..., 1] - edges[:, 1] * to_points[..., 0]
    assert (cross > -1e-12).all()


def test_points_that_are_the_same_or_on_an_edge_are_no_corners() -> None:
    assert convex_hull([(0, 0), (1, 0), (2, 0), (2, 0), (0, 2)]) == [(0, 0), (2, 0), (0, 2)]
