"""Meshes lie where they should, and are lent in the same lists again and again."""

import numpy as np
import pytest

from dmi_sim.physics.bullet.meshes import ellipsoid_mesh, lent_ellipsoid


def test_the_mesh_of_an_ellipsoid_lies_on_it_and_looks_outward() -> None:
    halves = np.array([0.3, 0.2, 0.1])
    mesh = ellipsoid_mesh(halves.tolist())
    points, normals = np.array(mesh["vertices"]), np.array(mesh["normals"])
    assert ((points / halves) ** 2).sum(axis=1) == pytest.approx(np.ones(len(points)))
    assert ((points * normals).sum(axis=1) > 0).all()
    assert max(mesh["indices"]) < len(points)
    assert len(mesh["indices"]) % 3 == 0


def test_an_ellipsoid_whose_halves_are_apart_is_a_capsule() -> None:
    points = np.array(ellipsoid_mesh((0.1, 0.1, 0.1), apart_m=0.6)["vertices"])
    from_axis = points - points.clip((0, 0, -0.3), (0, 0, 0.3))
    assert np.linalg.norm(from_axis, axis=1) == pytest.approx(np.full(len(points), 0.1))
    assert points[:, 2].max() == pytest.approx(0.4) == -points[:, 2].min()


def test_a_lent_mesh_is_that_of_its_ellipsoid_in_lists_that_are_used_again() -> None:
    seen: set[int] = set()
    for halves in ((0.3, 0.2, 0.1), (0.1, 0.1, 0.4), (0.3, 0.2, 0.1)):
        with lent_ellipsoid(halves) as mesh:
            assert mesh == ellipsoid_mesh(halves)
            rows = [row for key in ("vertices", "normals") for row in mesh[key]]
            seen |= {id(one) for one in (*mesh.values(), *rows)}
    assert len(seen) == 3 + len(rows)
