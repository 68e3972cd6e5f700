"""Still pictures of a to_recording infant as SVG, for paper, READMEs and browsers without WebGL.

An orthographic camera series_styles at capsules and ellipsoids. Under such a camera a capsule is a thick
line with round ends and an ellipsoid is an ellipse, so both are drawn exactly, far ones first.
Furniture and platforms are convex: what is beyond one of their visible faces is in front of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import degrees, radians, sin

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.recording import Recording
from dmi_sim.render.camera_pose import camera_axes
from dmi_sim.render.clip import Clip, room
from dmi_sim.render.hands import PALM, SLEEVE, Palm, palms
from dmi_sim.render.placement import PAINT, Ball, face, rgb, rotated, rotation_matrix
from dmi_sim.render.scene_objects import Prop, props
from dmi_sim.render.shapes import Shape

NUDGE = "#d55e00"
_OUTLINE_PX, _GAP_PX = 1.2, 3.0
_NUDGE_ARROW_M, _NECK_LIES_BACK_M = 0.16, 0.1
_ABOVE_BOARD_RAD = radians(24)
"""So high is the camera over a platform that its top is seen when it tilts."""
_EDGE_ON = 1e-9
"""A face that is turned to the camera no more than so is not seen."""
_FLOOR = 0.46
"""Half the breadth of the floor drawn, as a share of the width of the picture."""
_HEADROOM_M, _SIDE_ROOM_M = 0.05, 0.16


@dataclass(frozen=True)
class Camera:
    """Where an orthographic camera stands and how much it sees.

    Attributes:
        azimuth_rad: From the infant's front (+x) towards its left; a right angle is a side view.
        elevation_rad: Above the horizon.
        pixels_per_m: Scale of the picture.
        width_m: Width of the picture [m].
        height_m: Height of the picture above the spot it aims at [m].
    """

    azimuth_rad: float = radians(-62)
    elevation_rad: float = radians(10)
    pixels_per_m: float = 300.0
    width_m: float = 0.84
    height_m: float = 0.60

    @property
    def axes(self) -> Vector:
        """Rows: right, up and towards the camera, in the world, (3, 3)."""
        return camera_axes(self.azimuth_rad, self.elevation_rad)


@dataclass(frozen=True)
class Projection:
    """A camera aimed at one spot of the floor, which comes to the lower middle of the picture."""

    camera: Camera
    aim_world: Vector

    def seen(self, points_world: Vector) -> Vector:
        """Picture coordinates [px], y down, and nearness [m] of points; (..., 3) to (..., 3)."""
        camera = self.camera
        right_up_near = (points_world - self.aim_world) @ camera.axes.T
        x = (right_up_near[..., 0] + camera.width_m / 2) * camera.pixels_per_m
        y = (camera.height_m - right_up_near[..., 1]) * camera.pixels_per_m
        return np.stack((x, y, right_up_near[..., 2]), axis=-1)


@dataclass(frozen=True)
class Drawable:
    """A drawn element, its nearness to the camera [m] and its middle in the world [m], (3,)."""

    nearness_m: float
    svg: str
    middle_world: Vector


def stick_frame_svg(
    clip: Clip, frame: int, camera: Camera | None = None, shirt: str = PAINT["shirt"]
) -> str:
    """One frame of a recording as a standalone SVG.

    Args:
        clip: What happened, to whom and where.
        frame: Index of the frame; negative counts from the end.
        camera: Where to look from; by default from the infant's right, a little in front, with room
            for all that it does.
        shirt: Colour of the shirt as ``#rrggbb``.
    """
    camera = camera or _fitting(clip, 300.0)
    stage = Projection(camera, _aim(clip, camera))
    panel = _panel(clip, stage, 0, infant_marks(clip, frame, stage, shirt), "")
    return _sheet(stage.camera, 1, [panel], caption_px=6)


def film_strip_svg(clip: Clip, count: int = 5, shirt: str = PAINT["shirt"]) -> str:
    """Frames of a recording at even times from the first to the last, side by side, with the time.

    Args:
        clip: What happened, to whom and where.
        count: How many frames.
        shirt: Colour of the shirt as ``#rrggbb``.
    """
    camera, recording = _fitting(clip, 220.0), clip.recording
    stage = Projection(camera, _aim(clip, camera))
    frames = np.linspace(0, len(recording.time_s) - 1, count).round().astype(int).tolist()
    panels = [
        _panel(
            clip, stage, place, infant_marks(clip, frame, stage, shirt), _caption(recording, frame)
        )
        for place, frame in enumerate(frames)
    ]
    return _sheet(camera, count, panels, caption_px=28)


def _caption(recording: Recording, frame: int) -> str:
    """The time, and that the infant is down where that ended the recording."""
    ended = recording.fell and frame == len(recording.time_s) - 1
    return f"{recording.time_s[frame]:.1f} s{', down' if ended else ''}"


def infant_marks(clip: Clip, frame: int, stage: Projection, shirt: str) -> list[str]:
    """Everything to draw for one frame, far things first."""
    recording, shapes = clip.recording, clip.shapes
    position = recording.segment_pos_world[frame]
    quaternion = recording.segment_quat_world[frame]
    paint = PAINT | {"shirt": shirt}
    marks = [_shape(stage, shape, position, quaternion, paint[shape.colour]) for shape in shapes]
    marks += [_ball(stage, ball, position, quaternion, paint[ball.colour]) for ball in face(shapes)]
    marks += _hands(stage, palms(recording, shapes), position, quaternion)
    ordered = sorted(marks, key=lambda mark: mark.nearness_m)
    things = _Things(props(clip.scene), recording.platform[frame])
    return [*_among(stage, things, ordered), *_push(stage, recording, frame)]


@dataclass(frozen=True)
class _Things:
    """Props, and where the platform is on which some of them are."""

    props: tuple[Prop, ...]
    platform: Vector


def _among(stage: Projection, things: _Things, marks: Sequence[Drawable]) -> Iterator[str]:
    """Props in their order, each after the parts of the infant that are behind it."""
    rest = list(marks)
    for prop in things.props:
        corners = prop.corners(things.platform)
        hidden = [mark for mark in rest if _is_behind(stage, corners, mark.middle_world)]
        rest = [mark for mark in rest if mark not in hidden]
        yield from (mark.svg for mark in hidden)
        yield _solid(stage, prop, things.platform)
    yield from (mark.svg for mark in rest)


def _faces(corners: Vector) -> Iterator[tuple[Vector, Vector]]:
    """Corners in turn, (4, 3), and outward normal, (3,), of the faces of a box, (8, 3)."""
    grid, middle = corners.reshape(2, 2, 2, 3), corners.mean(axis=0)
    for axis in range(3):
        for side in range(2):
            square = grid.take(side, axis=axis)
            outward = square.mean(axis=(0, 1)) - middle
            corners_in_turn = square.reshape(4, 3)[[0, 1, 3, 2]]
            yield corners_in_turn, outward / np.linalg.norm(outward)


def _is_behind(stage: Projection, corners: Vector, place: Vector) -> bool:
    """Whether a place is on the inner side of all faces of a box that the camera sees."""
    towards = stage.camera.axes[2]
    seen = [(face, out) for face, out in _faces(corners) if out @ towards > _EDGE_ON]
    return all(float((place - face[0]) @ out) < 0 for face, out in seen)


def _solid(stage: Projection, prop: Prop, platform: Vector) -> str:
    centre, turn = prop.place(platform)
    kind, sizes = prop.form
    if kind == "capsule":
        half = np.array(((0.0, 0.0, -sizes[1] / 2), (0.0, 0.0, sizes[1] / 2)))
        return _capsule(stage, centre + rotated(turn[None, :], half), sizes[0], prop.colour).svg
    towards = stage.camera.axes[2]
    return "".join(
        _polygon(stage, corners, shade(prop.colour, 0.78 + 0.22 * abs(float(out[2]))), prop.colour)
        for corners, out in _faces(prop.corners(platform))
        if out @ towards > _EDGE_ON
    )


def _polygon(stage: Projection, corners_world: Vector, colour: str, edge: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in stage.seen(corners_world).tolist())
    return (
        f'<polygon points="{points}" fill="{colour}" stroke="{shade(edge)}" '
        'stroke-width="0.8" stroke-linejoin="round"/>'
    )


def _fitting(clip: Clip, pixels_per_m: float) -> Camera:
    """A camera that keeps the whole infant and its furniture in the picture all along."""
    camera = Camera(pixels_per_m=pixels_per_m)
    if clip.scene.has_platform:
        camera = replace(camera, elevation_rad=_ABOVE_BOARD_RAD)
    seen = room(clip) @ camera.axes.T
    low, high = seen.min(axis=0), seen.max(axis=0)
    above = high[1] - float(_aim(clip, camera) @ camera.axes[1])
    return replace(
        camera, width_m=float(high[0] - low[0]) + _SIDE_ROOM_M, height_m=above + _HEADROOM_M
    )


def _aim(clip: Clip, camera: Camera) -> Vector:
    """The floor below the middle of all that happens, in the middle of the picture."""
    points = room(clip)
    spot = np.array((*((points.min(axis=0) + points.max(axis=0)) / 2)[:2], 0.0))
    right = camera.axes[0]
    seen = points @ right
    return spot + right * float((seen.min() + seen.max()) / 2 - spot @ right)


def _shape(
    stage: Projection, shape: Shape, position: Vector, quaternion: Vector, colour: str
) -> Drawable:
    place, turn = position[shape.segment_index], quaternion[shape.segment_index]
    ends = np.stack((np.asarray(shape.start_m), np.asarray(shape.end_m)))
    ends_world = place + rotated(turn[None, :], ends)
    if shape.kind == "capsule":
        mark = _capsule(stage, ends_world, float(shape.size_m[0]), colour)
        is_neck = shape.segment == "head"  # which would cover the chin of a leaning head
        return replace(mark, nearness_m=mark.nearness_m - _NECK_LIES_BACK_M * is_neck)
    return _ellipsoid(stage, ends_world[0], rotation_matrix(turn) * shape.size_m, colour)


def _capsule(stage: Projection, ends_world: Vector, radius_m: float, colour: str) -> Drawable:
    (x1, y1, near1), (x2, y2, near2) = stage.seen(ends_world).tolist()
    width = 2 * radius_m * stage.camera.pixels_per_m
    line = f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2 + 0.01:.2f}" y2="{y2:.1f}"'
    svg = "".join(
        f'{line} stroke="{paint}" stroke-width="{wide:.1f}" stroke-linecap="round"/>'
        for paint, wide in ((shade(colour), width), (colour, max(width - 2 * _OUTLINE_PX, 0.5)))
    )
    return Drawable((near1 + near2) / 2, svg, ends_world.mean(axis=0))


def _ellipsoid(
    stage: Projection, centre_world: Vector, half_axes_world: Vector, colour: str
) -> Drawable:
    """An ellipsoid seen from afar; ``half_axes_world`` has its half axes as columns, (3, 3)."""
    x, y, near = stage.seen(centre_world).tolist()
    flat = np.diag((1.0, -1.0)) @ (stage.camera.axes @ half_axes_world)[:2]
    squared, directions = np.linalg.eigh(flat @ flat.T)
    small, large = (np.sqrt(np.maximum(squared, 0)) * stage.camera.pixels_per_m).tolist()
    angle = degrees(float(np.arctan2(directions[1, 1], directions[0, 1])))
    svg = (
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{large:.1f}" ry="{small:.1f}" '
        f'transform="rotate({angle:.1f} {x:.1f} {y:.1f})" fill="{colour}" '
        f'stroke="{shade(colour)}" stroke-width="{_OUTLINE_PX}"/>'
    )
    return Drawable(near, svg, centre_world)


def _ball(
    stage: Projection, ball: Ball, position: Vector, quaternion: Vector, colour: str
) -> Drawable:
    turn = quaternion[ball.segment_index]
    centre = position[ball.segment_index] + rotated(turn, ball.centre_m)
    return _circle(stage, centre, ball.radius_m, colour, lift_m=ball.radius_m)


def _circle(
    stage: Projection, centre_world: Vector, radius_m: float, colour: str, lift_m: float = 0.0
) -> Drawable:
    x, y, near = stage.seen(centre_world).tolist()
    radius = radius_m * stage.camera.pixels_per_m
    svg = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{colour}"/>'
    return Drawable(near + lift_m, svg, centre_world)


def _hands(
    stage: Projection, hands: Sequence[Palm], position: Vector, quaternion: Vector
) -> Iterator[Drawable]:
    """The therapist's hands, each with the forearm behind it; near ones lie on the skin."""
    for hand in hands:
        ends = np.stack((hand.centre_m, hand.elbow_m))
        turn = quaternion[hand.segment_index]
        palm, elbow = position[hand.segment_index] + rotated(turn[None, :], ends)
        yield _capsule(stage, np.stack((palm, elbow)), 0.015, SLEEVE)
        yield _circle(stage, palm, 0.024, PALM, lift_m=0.05)


def _push(stage: Projection, recording: Recording, frame: int) -> Iterator[str]:
    """An arrow that points where a push pushes, ending at the centre of mass."""
    force = recording.push_force_world[frame]
    size = float(np.linalg.norm(force))
    if size == 0:
        return
    tip = recording.com_m[frame]
    tail = tip - _NUDGE_ARROW_M * force / size
    (x1, y1, _), (x2, y2, _) = stage.seen(np.stack((tail, tip))).tolist()
    yield (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{NUDGE}" '
        f'stroke-width="4"/><path d="M -12 -8 L 3 0 L -12 8 Z" fill="{NUDGE}" '
        f'transform="translate({x2:.1f} {y2:.1f}) '
        f'rotate({degrees(float(np.arctan2(y2 - y1, x2 - x1))):.1f})"/>'
    )


def shade(colour: str, light: float = 0.62) -> str:
    """A darker tone of a ``#rrggbb`` colour, by default for outlines."""
    return "#" + "".join(f"{round(part * light):02x}" for part in rgb(colour))


def _panel(clip: Clip, stage: Projection, place: int, inside: list[str], caption: str) -> str:
    """One picture of a row, cut at its edges: floor, infant, caption."""
    width, floor, below = _sizes_px(stage.camera)
    ground = (
        f'<ellipse cx="{width / 2:.1f}" cy="{floor:.1f}" rx="{_FLOOR * width:.1f}" '
        f'ry="{below:.1f}" fill="#8a93a1" fill-opacity="0.22"/>'
    )
    return (
        f'<svg x="{place * width:.1f}" width="{width - _GAP_PX:.1f}" height="{floor + below:.1f}">'
        f"{'' if clip.scene.has_platform else ground}{''.join(inside)}</svg>"
        f'<text x="{(place + 0.5) * width:.1f}" y="{floor + below + 20:.1f}" '
        'text-anchor="middle" font-family="sans-serif" font-size="12.5" fill="currentColor">'
        f"{caption}</text>"
    )


def _sizes_px(camera: Camera) -> tuple[float, float, float]:
    """Width of a picture, height above the spot aimed at, and depth of the floor below it [px]."""
    width = camera.width_m * camera.pixels_per_m
    floor = camera.height_m * camera.pixels_per_m
    return width, floor, _FLOOR * width * sin(abs(camera.elevation_rad))


def _sheet(camera: Camera, count: int, panels: Sequence[str], caption_px: int) -> str:
    width, floor, below = _sizes_px(camera)
    wide, high = count * width, floor + below + caption_px
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}" role="img">{"".join(panels)}</svg>'
    )
