"""The scene of an infant as the page gets it: its body, and where hands would hold."""

from collections.abc import Sequence

from dmi_sim.env.config import EnvBuild
from dmi_sim.live.messages import Who
from dmi_sim.page.messages import Grip, InfantScene
from dmi_sim.page.scenery import COLOURS_OF_PAGE, page_cloths, page_parts, three
from dmi_sim.physics.state import State
from dmi_sim.render.frames import FRAMES, frame_poses
from dmi_sim.render.scene import (
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
        parts=page_parts(drawables_of(shapes, build.scene), shapes),
        cloths=page_cloths(shapes),
        grips=tuple(_grip(build, site) for site in build.spec.supports if site != "none"),
        floor_m=floor_height_m(build.scene),
        low_m=three(points.min(axis=0)),
        high_m=three(points.max(axis=0)),
        mass_kg=build.infant.mass_kg,
        length_m=build.infant.length_m,
    )


def _grip(build: EnvBuild, site: str) -> Grip:
    held = build.support(site, 1.0).attachments
    return Grip(site=site, points=tuple((one.segment, *three(one.point_m)) for one in held))
