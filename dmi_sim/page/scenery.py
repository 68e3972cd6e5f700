"""Solids and clothes as the page gets them."""

from collections.abc import Mapping, Sequence

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.page.messages import ClothPart, ClothRing, Part
from dmi_sim.render.cloth import Cloth, Ring, romper, under_romper
from dmi_sim.render.colours import COLOURS
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.scene import body_drawables
from dmi_sim.render.shapes import Shape

COLOURS_OF_PAGE: Mapping[str, str] = {str(role): colour for role, colour in COLOURS.items()}
"""Colours by the names that the page knows."""


def page_parts(drawables: Sequence[Drawable], shapes: Sequence[Shape]) -> tuple[Part, ...]:
    """The solids that the page draws: what is given, and what is seen where the romper ends.

    Args:
        drawables: Solids of the scene.
        shapes: Solids of the infant's body.
    """
    return tuple(_part(one) for one in (*drawables, *body_drawables(under_romper(shapes))))


def page_cloths(shapes: Sequence[Shape]) -> tuple[ClothPart, ...]:
    """The romper over the infant's body, as the page draws it.

    Args:
        shapes: Solids of the infant's body.
    """
    return tuple(_cloth(one) for one in romper(shapes))


def _part(drawable: Drawable) -> Part:
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


def _cloth(cloth: Cloth) -> ClothPart:
    return ClothPart(role=cloth.role, rings=tuple(_ring(ring) for ring in cloth.rings))


def _ring(ring: Ring) -> ClothRing:
    low, high = ring.centres_m
    x, y = (round(one, 5) for one in ring.half_axes_m)
    return ClothRing(
        frames=ring.frames,
        share=round(ring.share, 5),
        centres_m=(three(np.array(low)), three(np.array(high))),
        half_axes_m=(x, y),
    )


def three(point: Vector) -> tuple[float, float, float]:
    """A point to a hundredth of a millimetre [m]."""
    x, y, z = (round(float(one), 5) for one in point)
    return x, y, z
