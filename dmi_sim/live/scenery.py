"""The scene of an infant as the page gets it: solids, colours, and where hands would hold."""

from collections.abc import Sequence

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.env.config import EnvBuild
from dmi_sim.live.looks import COLOURS_OF_PAGE, features
from dmi_sim.live.messages import Grip, InfantScene, Part, Who
from dmi_sim.physics.state import State
from dmi_sim.render.frames import FRAMES, frame_poses
from dmi_sim.render.scene import (
    Drawable,
    body_drawables,
    drawables_of,
    extreme_points,
    floor_height_m,
    surroundings,
)
from dmi_sim.render.shapes import Shape


def infant_scene(who: Who, build: EnvBuild, shapes: Sequence[Shape], state: State) -> InfantScene:
    """The scene of an infant.

    Args:
        who: The infant's letter.
        build: Exercise and infant.
        shapes: Solids of the infant's body.
        state: State at the start, around which the camera is placed.
    """
    points = extreme_points(
        (*body_drawables(shapes), *surroundings(build.scene)), frame_poses(state)
    )
    return InfantScene(
        infant=who,
        frames=FRAMES,
        colours=COLOURS_OF_PAGE,
        parts=(
            *(part_of(one) for one in drawables_of(shapes, build.scene)),
            *features(shapes),
        ),
        grips=tuple(_grip(build, site) for site in build.spec.supports if site != "none"),
        floor_m=floor_height_m(build.scene),
        low_m=three(points.min(axis=0)),
        high_m=three(points.max(axis=0)),
        mass_kg=build.infant.mass_kg,
        length_m=build.infant.length_m,
    )


def part_of(drawable: Drawable) -> Part:
    """A solid as the page gets it."""
    x, y, z, w = (round(float(one), 5) for one in drawable.quaternion)
    return Part(
        frame=drawable.frame,
        role=drawable.role,
        kind=drawable.kind,
        size_m=tuple(round(float(one), 5) for one in drawable.size_m),
        position_m=three(np.array(drawable.position_m)),
        quaternion=(x, y, z, w),
    )


def _grip(build: EnvBuild, site: str) -> Grip:
    held = build.support(site, 1.0).attachments
    return Grip(site=site, points=tuple((one.segment, *three(one.point_m)) for one in held))


def three(point: Vector) -> tuple[float, float, float]:
    """A point to a hundredth of a millimetre [m]."""
    x, y, z = (round(float(one), 5) for one in point)
    return x, y, z
