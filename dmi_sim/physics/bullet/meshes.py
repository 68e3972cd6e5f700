"""Meshes for Bullet to draw, lent to it in lists that are used again.

pybullet never lets go of the lists in which it is given a mesh, rows included: 90 kB an ellipsoid,
2.7 MB an infant. So all ellipsoids of a process are told in the same lists.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np

Mesh = dict[str, list[Any]]
_LENT: Mesh = {"vertices": [], "indices": [], "normals": []}
_LOCK = Lock()


@contextmanager
def lent_ellipsoid(half_axes: Sequence[float], apart_m: float = 0.0) -> Generator[Mesh]:
    """The mesh of an ellipsoid or capsule for one call of Bullet, which has to copy what it needs.

    Args:
        half_axes: Half axes along x, y, z [m].
        apart_m: Distance between the halves of the ellipsoid along z [m], which makes a capsule.

    Yields:
        As of :func:`ellipsoid_mesh`, in lists that nobody else uses until the block ends.
    """
    with _LOCK:
        for key, told in ellipsoid_mesh(half_axes, apart_m).items():
            _write(_LENT[key], told)
        yield _LENT


def _write(kept: list[Any], told: list[Any]) -> None:
    """Write numbers or rows of them into a list; rows that it has are written into, too."""
    if told and isinstance(told[0], list) and len(kept) == len(told):
        for row, new in zip(kept, told, strict=True):
            row[:] = new
    else:
        kept[:] = told


def ellipsoid_mesh(
    half_axes: Sequence[float], apart_m: float = 0.0, rings: int = 14
) -> dict[str, list[Any]]:
    """Vertices, triangles and normals of an ellipsoid, as Bullet takes a mesh.

    Args:
        half_axes: Half axes along x, y, z [m].
        apart_m: Distance between its upper and its lower half [m]; a belt joins them.
        rings: Number of belts from pole to pole, even.
    """
    polar = np.linspace(0, np.pi, rings + 1)
    azimuth = np.linspace(0, 2 * np.pi, 2 * rings, endpoint=False)
    p, t = (grid.ravel() for grid in np.meshgrid(polar, azimuth, indexing="ij"))
    unit = np.stack([np.sin(p) * np.cos(t), np.sin(p) * np.sin(t), np.cos(p)], axis=1)
    normal = unit / np.array(half_axes)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    half = np.sign(unit[:, 2:].round(9)) * (0.0, 0.0, apart_m / 2)  # none of the equator
    triangles = [
        corner
        for ring in range(rings)
        for k in range(2 * rings)
        for corner in _two_triangles(2 * rings, ring, k)
    ]
    return {
        "vertices": (unit * np.array(half_axes) + half).tolist(),
        "indices": triangles,
        "normals": normal.tolist(),
    }


def _two_triangles(around: int, ring: int, k: int) -> tuple[int, ...]:
    here, beside = ring * around + k, ring * around + (k + 1) % around
    return here, here + around, beside, beside, here + around, beside + around
