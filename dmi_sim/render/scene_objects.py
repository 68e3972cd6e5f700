"""What stands around an infant and what moves under it, as solids to draw."""

from dataclasses import dataclass, field

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.physics.bullet.client import Form
from dmi_sim.physics.scene import FLOOR_BELOW_PLATFORM_M, PLATFORM_HALF_EXTENTS_M, Scene, Solid
from dmi_sim.render.placement import rotated

FURNITURE, BOARD, STRIPE = "#b8a58a", "#cfc6b4", "#9a8c74"
_STRIPE_M = (0.006, 0.001)
_NO_TURN = (0.0, 0.0, 0.0, 1.0)
_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)


@dataclass(frozen=True)
class Prop:
    """A solid that is no part of an infant.

    Attributes:
        form: ``box`` with half edges, or ``capsule`` with radius and length along z [m].
        centre_m: In the world, or in the frame of the platform [m], (3,).
        quat: Orientation (x, y, z, w) in the same frame, (4,).
        colour: As ``#rrggbb``.
        on_platform: Whether it moves with the platform, whose frame has its origin in the middle of the
            top and, level and centred, is the world's.
    """

    form: Form
    centre_m: Vector
    quat: Vector = field(default_factory=lambda: np.array(_NO_TURN))
    colour: str = FURNITURE
    on_platform: bool = False

    def place(self, platform: Vector) -> tuple[Vector, Vector]:
        """Centre [m], (3,), and orientation (x, y, z, w), (4,), in the world.

        Args:
            platform: Where the platform is: shift along x, y [m] and tilt about x, y [rad], (4,).
        """
        if not self.on_platform:
            return self.centre_m, self.quat
        origin, turn = platform_frame(platform)
        return origin + rotated(turn, self.centre_m), turn

    def corners(self, platform: Vector) -> Vector:
        """Corners of the box around it in the world [m], (8, 3).

        Args:
            platform: See :meth:`place`.
        """
        kind, sizes = self.form
        radius, half = sizes[0], (sizes[-1] / 2 + sizes[0])
        half_extents = np.array(sizes if kind == "box" else (radius, radius, half))
        centre, turn = self.place(platform)
        return centre + rotated(turn[None, :], _CORNERS * half_extents)


def platform_frame(platform: Vector) -> tuple[Vector, Vector]:
    """PolicyMetadata [m], (3,), and orientation (x, y, z, w), (4,), of a platform in the world.

    Args:
        platform: Shift along x, y [m] and tilt about x, y [rad], (4,).
    """
    origin, tilt = np.zeros((2, 3))
    origin[:2], tilt[:2] = platform[:2], platform[2:]
    return origin, quaternion_of(tilt)


def props(scene: Scene) -> tuple[Prop, ...]:
    """All that is drawn of a scene besides its floor; where it is, the platform comes first."""
    platform = _platform() if scene.has_platform else ()
    return (*platform, *(_furniture(solid) for solid in scene.furniture))


def floor_height_m(scene: Scene) -> float:
    """Of the floor in the world [m]."""
    return FLOOR_BELOW_PLATFORM_M if scene.has_platform else 0.0


def _furniture(solid: Solid) -> Prop:
    return Prop(solid.form, np.array(solid.centre_m), quaternion_of(np.array(solid.rotation_rad)))


def _platform() -> tuple[Prop, ...]:
    """The platform, and two stripes through its middle that let the eye see it move."""
    length, width, depth = PLATFORM_HALF_EXTENTS_M
    narrow, flat = _STRIPE_M
    return (
        _plate((length, width, depth), -depth, BOARD),
        _plate((length, narrow, flat), 0.0, STRIPE),
        _plate((narrow, width, flat), 0.0, STRIPE),
    )


def _plate(half_extents: tuple[float, float, float], height_m: float, colour: str) -> Prop:
    centre = np.array((0.0, 0.0, height_m))
    return Prop(("box", half_extents), centre, colour=colour, on_platform=True)
