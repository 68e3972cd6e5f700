"""The surroundings of an infant: a floor or a platform, and furniture."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.errors import InputError, did_you_mean

Form = tuple[str, tuple[float, ...]]
"""A solid's kind and sizes [m]."""

PLATFORM_HALF_EXTENTS_M = (0.75, 0.75, 0.025)
"""Half extents of the platform [m]: room for a two-year-old to lie on, whichever way."""
FLOOR_BELOW_PLATFORM_M = -0.35
"""Height of the floor below a platform [m]: no edge of the tilted platform comes so low."""
_SMALL_M = 1e-6
_SIZES = {"box": 3, "capsule": 2}


@dataclass(frozen=True)
class Solid:
    """A piece of furniture at rest, with the friction of the floor.

    Attributes:
        form: Kind and sizes [m]: ``box`` with half extents, or ``capsule`` with radius and length
            along z.
        centre_m: Centre [m], world.
        rotation_rad: Rotation vector [rad], world.

    Raises:
        InputError: If the form is another one, or a size is not above 0.
    """

    form: Form
    centre_m: tuple[float, float, float]
    rotation_rad: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        """Refuse what is no solid."""
        kind, sizes = self.form
        if kind not in _SIZES:
            raise InputError(f"furniture of form `{kind}`: {did_you_mean(kind, _SIZES)}")
        if len(sizes) != _SIZES[kind] or not all(0 < size < np.inf for size in sizes):
            raise InputError(f"a {kind} needs {_SIZES[kind]} sizes above 0 m, not {sizes}")

    def distance_m(self, points: Vector) -> Vector:
        """The distance of points from the surface [m], negative inside, shape (n,).

        Args:
            points: Points in the world [m], shape (n, 3).
        """
        kind, sizes = self.form
        own = (points - np.array(self.centre_m)) @ matrix_of(
            quaternion_of(np.array(self.rotation_rad))
        )
        if kind == "capsule":
            own[:, 2] -= own[:, 2].clip(-sizes[1] / 2, sizes[1] / 2)
            return np.linalg.norm(own, axis=1) - sizes[0]
        beyond = np.abs(own) - np.array(sizes)
        return np.linalg.norm(beyond.clip(0), axis=1) + beyond.max(axis=1).clip(max=0)


@dataclass(frozen=True)
class Scene:
    """All that an infant may touch besides itself.

    Attributes:
        furniture: Solids at rest, such as a bench, a rail or a table.
        has_platform: Whether the ground is a platform that can be moved, see
            :mod:`dmi_sim.physics.platform`; level, with its top at height 0, it is like the floor.
    """

    furniture: tuple[Solid, ...] = ()
    has_platform: bool = False

    def clearance_m(self, points: Vector, radius_m: Vector) -> float:
        """The shortest distance from spheres to the level ground and the furniture [m].

        Args:
            points: Centres of the spheres, world [m], shape (n, 3).
            radius_m: Radii of the spheres [m], shape (n,).
        """
        return float(self.gaps_m(points, radius_m).min())

    def gaps_m(self, points: Vector, radius_m: Vector) -> Vector:
        """The distances from spheres to the level ground, then to each solid [m], shape (k, n).

        Args:
            points: Centres of the spheres, world [m], shape (n, 3).
            radius_m: Radii of the spheres [m], shape (n,).
        """
        solids = [solid.distance_m(points) for solid in self.furniture]
        return np.array([points[:, 2], *solids]) - radius_m

    def normals(self, points: Vector) -> Vector:
        """Directions away from the level ground, then from each solid, world, shape (k, n, 3).

        Args:
            points: Points in the world [m], shape (n, 3).
        """
        step = _SMALL_M * np.eye(3)
        there = np.concatenate([points + step[i] for i in range(3)])
        here = np.concatenate([points] * 3)
        none = np.zeros(len(here))
        slope = (self.gaps_m(there, none) - self.gaps_m(here, none)) / _SMALL_M
        return slope.reshape(-1, 3, len(points)).transpose(0, 2, 1)


FLOOR_ONLY = Scene()
