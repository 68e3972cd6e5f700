"""What the page is told of an infant: its body and surroundings once, then what is seen of it.

Lengths and forces are SI. Live scenes, lessons and recordings say it in the same words.
"""

from collections.abc import Mapping
from typing import Literal

from dmi_sim.spec.base import Strict
from dmi_sim.spec.lesson import Letter


class Part(Strict):
    """A solid of one colour, fixed to a frame; see :class:`dmi_sim.render.scene.Drawable`."""

    frame: int
    role: str
    kind: Literal["box", "capsule", "ellipsoid"]
    size_m: tuple[float, ...]
    position_m: tuple[float, float, float]
    quaternion: tuple[float, float, float, float]


class ClothRing(Strict):
    """A ring of a cloth; see :class:`dmi_sim.render.cloth.Ring`."""

    frames: tuple[int, int]
    share: float
    centres_m: tuple[tuple[float, float, float], tuple[float, float, float]]
    half_axes_m: tuple[float, float]


class ClothPart(Strict):
    """A cloth of one colour over solids of the body, which are sent nevertheless."""

    role: str
    rings: tuple[ClothRing, ...]


class Grip(Strict):
    """Where hands at a site would hold: points in frames of the body."""

    site: str
    points: tuple[tuple[int, float, float, float], ...]
    """Frame, and the point in it [m]."""


class InfantScene(Strict):
    """The body of an infant and its surroundings, once for each infant."""

    type: Literal["scene"] = "scene"
    infant: Letter
    frames: tuple[str, ...]
    """Names of the frames, segments first."""
    colours: Mapping[str, str]
    parts: tuple[Part, ...]
    cloths: tuple[ClothPart, ...]
    """Clothes over all ellipsoids of the frames that they move with."""
    grips: tuple[Grip, ...]
    floor_m: float
    low_m: tuple[float, float, float]
    high_m: tuple[float, float, float]
    """Corners of the box around infant and furniture at the start [m]."""
    mass_kg: float
    length_m: float


class InfantFrame(Strict):
    """An infant at one control step."""

    poses: str
    """Positions and quaternions of all frames, see :func:`dmi_sim.page.packing.packed`."""
    site: str
    firmness: float
    support_force_n: float
    support_share: float
    head_height_m: float
    head_share: float
    """Height of the head over that at the start."""
    upright_rad: float
    completion: float
    is_success: bool
    fell_at_s: float | None = None
    """Time of the fall, after which reflexes move the infant [s]."""
