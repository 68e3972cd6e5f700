"""Still pictures of a recorded infant as SVG, for paper, READMEs and browsers without WebGL.

The camera is orthographic. Under it a capsule is a thick line with round ends and an ellipsoid
is an ellipse, so both are drawn exactly, far ones first. Furniture and platforms are convex: a
solid beyond one of their visible faces is in front of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import atan2, degrees, hypot, inf, radians, sin, sqrt

import numpy as np

from dmi_sim.anatomy import HEAD
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import rotated
from dmi_sim.recording import Recording
from dmi_sim.render.camera_pose import camera_axes
from dmi_sim.render.captions import ending
from dmi_sim.render.clip import Clip
from dmi_sim.render.cloth import ring_points
from dmi_sim.render.colours import COLOURS, Role, darker
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import PLATFORM, PUSH, WORLD
from dmi_sim.render.hull import convex_hull
from dmi_sim.render.scene import world_poses

_OUTLINE_PX, _GAP_PX = 1.2, 3.0
_ABOVE_PLATFORM_RAD = radians(24)
"""Elevation of the camera over a platform, at which its top stays visible when it tilts [rad]."""
_EDGE_ON = 1e-9
"""Cosine of a face normal with the camera direction up to which the face is not visible."""
_FLOOR = 0.46
"""Half the breadth of the drawn floor, as a share of the width of the picture."""
_TOP_MARGIN_M, _SIDE_MARGIN_M = 0.05, 0.16
_NECK_LIES_BACK_M = 0.1
_HAIR_LIES_BACK = 0.25
"""In half depths of the hair, for the order of drawing."""
_AROUND = 12
"""Points on a ring of a cloth."""
_LEAST_PX = 1.7
"""Longer half axis below which skin on skin is left out, such as toes in a small picture [px]."""
_PAINTED = ("eye", "shine", "cheek", "mouth")
"""What has no outline, as it lies in the skin."""
_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)


@dataclass(frozen=True)
class Projection:
    """An orthographic camera, aimed at a point that comes to the lower middle of the picture.

    Attributes:
        azimuth_rad: Azimuth from the infant's front (+x) towards its left; a right angle gives a
            side view [rad].
        elevation_rad: Elevation above the horizon [rad].
        pixels_per_m: Scale of the picture [px/m].
        width_m: Width of the picture [m].
        height_m: Height of the picture above that point [m].
        aim_world: Point that the camera is aimed at, world [m].
    """

    azimuth_rad: float = radians(-62)
    elevation_rad: float = radians(10)
    pixels_per_m: float = 300.0
    width_m: float = 0.84
    height_m: float = 0.60
    aim_world: tuple[float, ...] = (0.0, 0.0, 0.0)

    @cached_property
    def axes(self) -> Vector:
        """Directions right, up and towards the camera in the world, as rows, (3, 3)."""
        return camera_axes(self.azimuth_rad, self.elevation_rad)

    def seen(self, points_world: Vector) -> Vector:
        """Picture coordinates [px], y down, and nearness [m] of points; (..., 3) to (..., 3)."""
        right_up_near = (points_world - np.array(self.aim_world)) @ self.axes.T
        x = (right_up_near[..., 0] + self.width_m / 2) * self.pixels_per_m
        y = (self.height_m - right_up_near[..., 1]) * self.pixels_per_m
        return np.stack((x, y, right_up_near[..., 2]), axis=-1)


@dataclass(frozen=True, eq=False)
class _Placed:
    """A drawable in the world.

    Attributes:
        drawable: Solid in its own frame.
        position_m: Centre, world [m], shape (3,).
        own_axes: Directions of its axes in the world, as rows, shape (3, 3).
        colour: Colour as ``#rrggbb``.
    """

    drawable: Drawable
    position_m: Vector
    own_axes: Vector
    colour: str

    def corners(self) -> Vector:
        """Corners of the box around the solid, world [m], shape (8, 3)."""
        return self.position_m + _CORNERS * self.drawable.half_extents_m() @ self.own_axes


@dataclass(frozen=True, eq=False)
class _Worn:
    """A cloth on the body.

    Attributes:
        points_m: Points on its rings, world [m], shape (rings, n, 3).
        colour: Colour as ``#rrggbb``.
    """

    points_m: Vector
    colour: str

    @property
    def position_m(self) -> Vector:
        """Middle, world [m], shape (3,)."""
        return self.points_m.mean(axis=(0, 1))


def still_svg(
    clip: Clip, frame: int, view: Projection | None = None, shirt: str = COLOURS["shirt"]
) -> str:
    """One frame of a recording as a standalone SVG.

    Args:
        clip: Clip of the infant.
        frame: Index of the frame; negative counts from the end.
        view: Camera; by default from the infant's right, a little in front, with the whole clip in
            the picture.
        shirt: Colour of the shirt as ``#rrggbb``.
    """
    view = view or _fitting(clip, 300.0)
    panel = _panel(clip, view, 0, elements(clip, frame, view, shirt), "")
    return _sheet(view, 1, [panel], caption_px=6)


def film_strip_svg(clip: Clip, count: int = 5, shirt: str = COLOURS["shirt"]) -> str:
    """Frames of a recording at even times from the first to the last, side by side, with the time.

    Args:
        clip: Clip of the infant.
        count: Number of frames.
        shirt: Colour of the shirt as ``#rrggbb``.
    """
    view, recording = _fitting(clip, 220.0), clip.recording
    frames = np.linspace(0, len(recording.time_s) - 1, count).round().astype(int).tolist()
    panels = [
        _panel(clip, view, i, elements(clip, frame, view, shirt), _caption(recording, frame))
        for i, frame in enumerate(frames)
    ]
    return _sheet(view, count, panels, caption_px=42)


def _caption(recording: Recording, frame: int) -> str:
    """The time, and at the last frame, on a line of its own, how the episode ended."""
    ended = ending(recording) if frame == len(recording.time_s) - 1 else ""
    return f"{recording.time_s[frame]:.1f} s\n{ended}".rstrip()


def elements(clip: Clip, frame: int, view: Projection, shirt: str) -> list[str]:
    """All solids and clothes of one frame as SVG elements, far ones first."""
    colours: dict[Role, str] = {**COLOURS, "shirt": shirt}
    solids = list(_solids(clip, frame, colours))
    fixed = [solid for solid in solids if solid.drawable.frame in (PLATFORM, WORLD)]
    moving = [*_clothes(clip, frame, colours), *(one for one in solids if one not in fixed)]
    return list(_among(view, fixed, sorted(moving, key=lambda one: _nearness_m(view, one))))


def _clothes(clip: Clip, frame: int, colours: Mapping[Role, str]) -> Iterator[_Worn]:
    poses = clip.frames.at(frame)
    for cloth in clip.cloths:
        yield _Worn(ring_points(cloth.rings, poses, _AROUND), colours[cloth.role])


def _solids(clip: Clip, frame: int, colours: Mapping[Role, str]) -> Iterator[_Placed]:
    poses = world_poses(clip.drawables, clip.frames.at(frame))
    axes = rotated(poses.quaternion[:, None], np.eye(3))
    for i in np.flatnonzero(np.isfinite(poses.position_m).all(axis=1)).tolist():
        drawable = clip.drawables[i]
        yield _Placed(drawable, poses.position_m[i], axes[i], colours[drawable.role])


def _nearness_m(view: Projection, solid: _Placed | _Worn) -> float:
    """Nearness to the camera, for the order of drawing [m]."""
    if isinstance(solid, _Worn):
        return float(solid.position_m @ view.axes[2])
    if solid.drawable.frame == PUSH:
        return inf  # an arrow must be seen
    if solid.drawable.role == "hair":
        return _hair_nearness_m(view, solid)
    return float(solid.position_m @ view.axes[2]) - _NECK_LIES_BACK_M * _is_neck(solid.drawable)


def _hair_nearness_m(view: Projection, hair: _Placed) -> float:
    """Hair is behind a face that is seen, however far the crown leans towards the camera."""
    back_m = _HAIR_LIES_BACK * hair.drawable.size_m[0]
    return float((hair.position_m - back_m * hair.own_axes[0]) @ view.axes[2])


def _is_neck(drawable: Drawable) -> bool:
    """Whether a solid is the neck, which would cover the chin of a leaning head."""
    return drawable.frame == HEAD and drawable.kind == "capsule"


def _among(
    view: Projection, fixed: Sequence[_Placed], moving: Sequence[_Placed | _Worn]
) -> Iterator[str]:
    """Fixed solids in their order, each after the moving ones that are behind it."""
    remaining = list(moving)
    for solid in fixed:
        corners = solid.corners()
        hidden = [one for one in remaining if _is_behind(view, corners, one.position_m)]
        remaining = [one for one in remaining if one not in hidden]
        yield from (_element(view, one) for one in hidden)
        yield _element(view, solid)
    yield from (_element(view, one) for one in remaining)


def _faces(view: Projection, corners: Vector) -> Iterator[tuple[Vector, Vector]]:
    """Corners in order, (4, 3), and outward normal, (3,), of the visible faces of a box."""
    grid, middle = corners.reshape(2, 2, 2, 3), corners.mean(axis=0)
    for axis in range(3):
        for side in range(2):
            square = grid.take(side, axis=axis)
            outward = square.mean(axis=(0, 1)) - middle
            outward /= np.linalg.norm(outward)
            if outward @ view.axes[2] > _EDGE_ON:
                yield square.reshape(4, 3)[[0, 1, 3, 2]], outward


def _is_behind(view: Projection, corners: Vector, point: Vector) -> bool:
    """Whether a point is on the inner side of all faces of a box that the camera sees."""
    return all(
        float((point - corner) @ outward) < 0 for (corner, *_), outward in _faces(view, corners)
    )


def _element(view: Projection, solid: _Placed | _Worn) -> str:
    if isinstance(solid, _Worn):
        return _draped(view, solid)
    draw = {"box": _box, "capsule": _capsule, "ellipsoid": _ellipsoid}[solid.drawable.kind]
    return draw(view, solid)


def _draped(view: Projection, worn: _Worn) -> str:
    """The union of what is between neighbouring rings; its outline is drawn below it."""
    seen = view.seen(worn.points_m)[..., :2].round(1).tolist()
    rings = [[(x, y) for x, y in ring] for ring in seen]
    pieces = (convex_hull(low + high) for low, high in pairwise(rings))
    path = "".join(f"M{' '.join(f'{x:g},{y:g}' for x, y in piece)}Z" for piece in pieces)
    return (
        f'<path d="{path}" fill="{worn.colour}" stroke="{darker(worn.colour)}" '
        f'stroke-width="{2 * _OUTLINE_PX}" stroke-linejoin="round" paint-order="stroke"/>'
    )


def _box(view: Projection, solid: _Placed) -> str:
    """The visible faces of a box, the more vertical the darker."""
    return "".join(
        _polygon(view, corners, darker(solid.colour, 0.78 + 0.22 * abs(float(out[2]))), solid)
        for corners, out in _faces(view, solid.corners())
    )


def _polygon(view: Projection, corners_world: Vector, fill: str, solid: _Placed) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in view.seen(corners_world).tolist())
    return (
        f'<polygon points="{points}" fill="{fill}" stroke="{darker(solid.colour)}" '
        'stroke-width="0.8" stroke-linejoin="round"/>'
    )


def _capsule(view: Projection, solid: _Placed) -> str:
    radius_m, length_m = solid.drawable.size_m
    along = solid.own_axes[2] * length_m / 2
    ends = np.stack((solid.position_m - along, solid.position_m + along))
    (x1, y1, _), (x2, y2, _) = view.seen(ends).tolist()
    width = 2 * radius_m * view.pixels_per_m
    line = f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2 + 0.01:.2f}" y2="{y2:.1f}"'
    return "".join(
        f'{line} stroke="{paint}" stroke-width="{wide:.1f}" stroke-linecap="round"/>'
        for paint, wide in (
            (darker(solid.colour), width),
            (solid.colour, max(width - 2 * _OUTLINE_PX, 0.5)),
        )
    )


def _ellipsoid(view: Projection, solid: _Placed) -> str:
    """The outline of an ellipsoid is the ellipse with the half axes of its projection."""
    x, y, _ = view.seen(solid.position_m).tolist()
    half_axes_world = solid.own_axes.T * solid.drawable.size_m  # as columns
    flat = view.axes[:2] @ half_axes_world * view.pixels_per_m
    (xx, xy), (_, yy) = (flat @ flat.T).tolist()
    apart = hypot((xx - yy) / 2, xy)
    large, small = (sqrt(max(0.0, (xx + yy) / 2 + sign * apart)) for sign in (1, -1))
    angle = degrees(atan2(-2 * xy, xx - yy) / 2)
    if solid.drawable.role == "skin" and large < _LEAST_PX:
        return ""
    return (
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{large:.1f}" ry="{small:.1f}" '
        f'transform="rotate({angle:.1f} {x:.1f} {y:.1f})" fill="{solid.colour}"'
        f"{_outline(solid, small)}/>"
    )


def _outline(solid: _Placed, half_px: float) -> str:
    """Attributes of an outline that is finer for what is small."""
    if solid.drawable.role in _PAINTED:
        return ""
    width = min(_OUTLINE_PX, 0.4 * half_px)
    return f' stroke="{darker(solid.colour)}" stroke-width="{width:.2g}"'


def _fitting(clip: Clip, pixels_per_m: float) -> Projection:
    """A camera that keeps the whole infant and its furniture in the picture at all times."""
    view = Projection(pixels_per_m=pixels_per_m)
    if clip.scene.has_platform:
        view = replace(view, elevation_rad=_ABOVE_PLATFORM_RAD)
    seen = clip.space_m @ view.axes.T
    low, high = seen.min(axis=0), seen.max(axis=0)
    aim = _aim(clip, view)
    return replace(
        view,
        aim_world=tuple(aim.tolist()),
        width_m=float(high[0] - low[0]) + _SIDE_MARGIN_M,
        height_m=float(high[1] - aim @ view.axes[1]) + _TOP_MARGIN_M,
    )


def _aim(clip: Clip, view: Projection) -> Vector:
    """A point of the floor below the middle of the clip, in the middle of the picture."""
    points, right = clip.space_m, view.axes[0]
    spot = (points.min(axis=0) + points.max(axis=0)) / 2 * (1.0, 1.0, 0.0)
    seen = points @ right
    return spot + right * float((seen.min() + seen.max()) / 2 - spot @ right)


def _panel(clip: Clip, view: Projection, column: int, inside: list[str], caption: str) -> str:
    """One picture of a row, clipped at its edges: floor, infant and caption."""
    width, floor, below = _sizes_px(view)
    ground = (
        f'<ellipse cx="{width / 2:.1f}" cy="{floor:.1f}" rx="{_FLOOR * width:.1f}" '
        f'ry="{below:.1f}" fill="{COLOURS["floor_line"]}" fill-opacity="0.32"/>'
    )
    return (
        f'<svg x="{column * width:.1f}" width="{width - _GAP_PX:.1f}" height="{floor + below:.1f}">'
        f"{'' if clip.scene.has_platform else ground}{''.join(inside)}</svg>"
        f"{''.join(_caption_lines(caption, (column + 0.5) * width, floor + below + 20))}"
    )


def _caption_lines(caption: str, x: float, y: float) -> Iterator[str]:
    """The lines of a caption below each other, centred; later ones smaller, as they are longer."""
    for number, line in enumerate(caption.split("\n")):
        yield (
            f'<text x="{x:.1f}" y="{y + 15 * number:.1f}" text-anchor="middle" '
            f'font-family="sans-serif" font-size="{11.5 if number else 12.5}" '
            f'fill="currentColor">{line}</text>'
        )


def _sizes_px(view: Projection) -> tuple[float, float, float]:
    """Width of a picture, height above the point aimed at, and depth of the floor below it [px]."""
    width = view.width_m * view.pixels_per_m
    floor = view.height_m * view.pixels_per_m
    return width, floor, _FLOOR * width * sin(abs(view.elevation_rad))


def _sheet(view: Projection, count: int, panels: Sequence[str], caption_px: int) -> str:
    width, floor, below = _sizes_px(view)
    wide, high = count * width, floor + below + caption_px
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}" role="img">{"".join(panels)}</svg>'
    )
