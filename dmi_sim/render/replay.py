"""A recording as one HTML page with a 3D scene to play, pause and scrub, without a server.

The page holds viser's own player and opens from a file. To make it, a viser server starts on
the loopback interface, receives the frames one after the other, and is closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import fill
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.errors import InputError
from dmi_sim.physics.scene import PLATFORM_HALF_EXTENTS_M
from dmi_sim.recording import Recording
from dmi_sim.render.browser import (
    Bones,
    add_clothes,
    add_floor,
    add_nodes,
    set_initial_camera,
    show,
    silent_server,
)
from dmi_sim.render.camera_pose import camera_pose_of
from dmi_sim.render.captions import ending
from dmi_sim.render.clip import Clip
from dmi_sim.render.colours import COLOURS, Role
from dmi_sim.render.scene import floor_height_m

if TYPE_CHECKING:
    from viser import GlbHandle, LabelHandle, SceneApi, ViserServer

Infants: TypeAlias = Mapping[str, Clip]
"""Clips to show, by title."""

SPACING_M = 0.62
"""Distance between infants side by side along y; more where they or their platforms are broader."""
_GAP_M = 0.12
_TITLE_M = 0.2
"""Height of a title above the highest point of its infant."""
_TITLE_CHARACTERS = 21
"""Characters in a line of a title, so that those of neighbours do not meet."""
_LINE_UP_RAD, _ALONE_RAD = np.deg2rad(-20.0), np.deg2rad(-48.0)
_ELEVATION_RAD = np.deg2rad(17.0)
_FRAMES_PER_S = 15
_PUSH_SHOWN_S = 0.4
"""Time for which a push is shown after it has ended."""
_BOX = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])


@dataclass(frozen=True)
class ShownClip:
    """A clip in the scene.

    Attributes:
        clip: Clip to be shown.
        nodes: Meshes of the infant and its surroundings, by index of their frame.
        bones: What of the clothes moves with which frame.
        caption: Label above the infant with time, head height and a fall.
        offset_m: Origin of the infant's world in the scene [m], shape (3,).
    """

    clip: Clip
    nodes: "dict[int, GlbHandle]"
    bones: Bones
    caption: "LabelHandle"
    offset_m: Vector


def replay_html(infants: Infants, shirts: Mapping[str, str] | None = None) -> str:
    """A self-contained page that replays recordings side by side.

    Args:
        infants: Clips to show, by title; the first stands on the left of the screen.
        shirts: Colours of shirts as ``#rrggbb``, by title.

    Raises:
        InputError: If there is no clip.
    """
    if not infants:
        raise InputError("replay: no recording to show; give at least one")
    colour_of = dict.fromkeys(infants, COLOURS["shirt"]) | dict(shirts or {})
    clips = [_with_longer_pushes(clip) for clip in infants.values()]
    offsets = _line_up(clips)
    with silent_server() as server:
        _build_scene(server, clips, offsets)
        shown = [
            _add_clip(server.scene, f"/infant_{i}", title, colour_of[title], clip, offset)
            for i, (title, clip, offset) in enumerate(zip(infants, clips, offsets, strict=True))
        ]
        return _play(server, shown)


def _with_longer_pushes(clip: Clip) -> Clip:
    """The same clip in which each push lasts until it has been seen."""
    force = clip.recording.push_force_world
    now = np.arange(len(force))
    latest = np.maximum.accumulate(np.where(force.any(axis=1), now, -1))
    is_shown = (latest >= 0) & (now - latest <= _PUSH_SHOWN_S * clip.recording.control_hz)
    shown = np.where(is_shown[:, None], force[latest], 0.0)
    return replace(clip, recording=replace(clip.recording, push_force_world=shown))


def _line_up(clips: Sequence[Clip]) -> list[Vector]:
    """Offset of each infant's world [m], (3,); the camera looks from +x, so left is -y."""
    spacing, middle = max(_breadth_m(clip) for clip in clips), (len(clips) - 1) / 2
    return [np.array((0.0, (i - middle) * spacing, 0.0)) for i in range(len(clips))]


def _breadth_m(clip: Clip) -> float:
    """Breadth of the space of a clip, centred on the infant's world [m]."""
    widest = 2 * float(np.max(np.abs(clip.space_m[:, 1])))
    platform = 2 * PLATFORM_HALF_EXTENTS_M[1] * clip.scene.has_platform
    return max(SPACING_M, widest + _GAP_M, platform + _GAP_M)


def _build_scene(server: "ViserServer", clips: Sequence[Clip], offsets: Sequence[Vector]) -> None:
    """Add the floor, and set the camera in front on the right so that all clips are seen."""
    corners = [_corners(clip) + offset for clip, offset in zip(clips, offsets, strict=True)]
    points = np.concatenate(corners)
    add_floor(server.scene, "/floor", points, min(floor_height_m(clip.scene) for clip in clips))
    azimuth = _ALONE_RAD if len(clips) == 1 else _LINE_UP_RAD
    set_initial_camera(server, camera_pose_of(points, azimuth, _ELEVATION_RAD))


def _corners(clip: Clip) -> Vector:
    """Corners of the space of a clip with its title above [m], (8, 3)."""
    low, high = clip.space_m.min(axis=0), clip.space_m.max(axis=0)
    return np.stack((low, high + np.array((0.0, 0.0, _TITLE_M))))[_BOX, (0, 1, 2)]


def _add_clip(
    scene: "SceneApi", node: str, title: str, shirt: str, clip: Clip, offset_m: Vector
) -> ShownClip:
    corners = _corners(clip) + offset_m
    above = np.array((*corners.mean(axis=0)[:2], corners[:, 2].max()))
    scene.add_label(
        f"{node}/title",
        in_short_lines(title),
        position=above,
        anchor="bottom-center",
        font_screen_scale=1.25,
    )
    caption = scene.add_label(
        f"{node}/caption", "", position=above, anchor="top-center", font_screen_scale=1.0
    )
    colours: dict[Role, str] = {**COLOURS, "shirt": shirt}
    nodes = add_nodes(scene, node, clip.drawables, colours)
    bones = add_clothes(scene, node, clip.cloths, colours)
    return ShownClip(clip, nodes, bones, caption, offset_m)


def in_short_lines(title: str) -> str:
    """A title whose lines are no broader than the place of an infant; no word is parted.

    >>> in_short_lines("Practised with hands at the pelvis; tested alone").splitlines()
    ['Practised with hands', 'at the pelvis; tested', 'alone']
    """
    lines = title.splitlines()
    return "\n".join(fill(line, _TITLE_CHARACTERS, break_long_words=False) for line in lines)


def _play(server: "ViserServer", shown: Sequence[ShownClip]) -> str:
    """Show all frames and return the page; a clip that ends early keeps its last frame."""
    serializer = server.get_scene_serializer()
    recordings = [one.clip.recording for one in shown]
    hz = recordings[0].control_hz
    stride = max(1, round(hz / _FRAMES_PER_S))
    length = max(len(recording.time_s) for recording in recordings)
    for frame in range(0, length + stride - 1, stride):
        with server.atomic():
            for one in shown:
                _show_frame(one, frame, stride)
        serializer.insert_sleep(stride / hz)
    return serializer.as_html()


def _show_frame(one: ShownClip, frame: int, stride: int) -> None:
    """Move one infant to a frame; after its last frame it does not move."""
    last = len(one.clip.recording.time_s) - 1
    if frame - stride >= last:
        return
    now = min(frame, last)
    show(one.nodes, one.clip.frames.at(now), one.offset_m, one.bones)
    caption = _caption(one.clip.recording, now)
    if one.caption.text != caption:
        one.caption.text = caption


def _caption(recording: Recording, frame: int) -> str:
    """Time and head height; at the last frame, how the episode ended."""
    time, height = float(recording.time_s[frame]), float(recording.head_height_m[frame])
    ended = ending(recording) if frame == len(recording.time_s) - 1 else ""
    return f"{time:.1f} s: {ended}" if ended else f"{time:.1f} s, head at {100 * height:.0f} cm"
