"""A recording as one HTML page with a 3D scene to play, pause and scrub, without a server.

The page holds viser's own player and opens from a file. To make it, viser's server is started on
the loopback interface for a moment, shown the frames one after the other, and closed.
"""

import io
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.errors import InputError
from dmi_sim.physics.scene import PLATFORM_HALF_EXTENTS_M
from dmi_sim.recording import Recording
from dmi_sim.render.camera_pose import FIELD_OF_VIEW_RAD, camera_pose_of
from dmi_sim.render.clip import Clip, room
from dmi_sim.render.hands import palms
from dmi_sim.render.meshes import arrow_mesh, hand_mesh
from dmi_sim.render.placement import PAINT, wxyz
from dmi_sim.render.scene_nodes import add_body, add_floor, add_props, move, move_platform
from dmi_sim.render.scene_objects import floor_height_m

if TYPE_CHECKING:
    from viser import GlbHandle, LabelHandle, SceneApi, ViserServer

Infants: TypeAlias = Mapping[str, Clip]
"""What to show, by title."""

SPACING_M = 0.62
"""Between infants, side by side along y; more where they or their platforms are broader."""
_GAP_M = 0.12
_TITLE_M = 0.14
"""Above the highest that an infant comes."""
_LINE_UP_RAD, _ALONE_RAD = np.deg2rad(-20.0), np.deg2rad(-48.0)
_ELEVATION_RAD = np.deg2rad(17.0)
_FRAMES_PER_S = 15
_NUDGE_SHOWN_S = 0.4
_BOX = np.array([(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)])
_AWAY: tuple[float, float, float] = (0.0, 0.0, -10.0)


@dataclass(frozen=True)
class Part:
    """What an infant is called in the scene, and where it plays.

    Attributes:
        node: Node of the scene under which everything of it hangs.
        title: Above its head.
        shirt: Colour as ``#rrggbb``.
        offset_m: Where its world stands in the scene, (3,).
    """

    node: str
    title: str
    shirt: str
    offset_m: Vector


@dataclass(frozen=True)
class Figure:
    """The handles of one infant in the scene.

    Attributes:
        segments: One mesh per segment that has a shape, by segment index.
        hands: The therapist's hands, each with the segment that it moves with.
        platform: The platform under it, if there is one.
        push: An arrow along +x, with its tip in the origin.
        caption: What happens now, in words.
        offset_m: Where its world stands in the scene, (3,).
    """

    segments: "dict[int, GlbHandle]"
    hands: "tuple[tuple[int, GlbHandle], ...]"
    platform: "tuple[GlbHandle, ...]"
    push: "GlbHandle"
    caption: "LabelHandle"
    offset_m: Vector


def replay_html(infants: Infants, shirts: Mapping[str, str] | None = None) -> str:
    """A self-contained page that replays recordings side by side.

    Args:
        infants: What to show, by title; the first stands on the left of the screen.
        shirts: Colour of the shirt as ``#rrggbb``, by title.

    Raises:
        InputError: If there is nothing to show.
    """
    if not infants:
        raise InputError("replay: no recording to show; give at least one")
    offsets = _line_up([*infants.values()])
    shirt_of = shirts or {}
    with silent_server() as server:
        _set_stage(server, [*infants.values()], offsets)
        figures = [
            _add_figure(
                server.scene,
                Part(f"/infant_{place}", title, shirt_of.get(title, PAINT["shirt"]), offset),
                infants[title],
            )
            for place, (title, offset) in enumerate(zip(infants, offsets, strict=True))
        ]
        return _film(server, [clip.recording for clip in infants.values()], figures)


@contextmanager
def silent_server() -> "Generator[ViserServer]":
    """A silent viser server on a free loopback port, closed in the end."""
    from viser import ViserServer

    with redirect_stdout(io.StringIO()):  # it greets on stdout, which belongs to our caller
        server = ViserServer(host="127.0.0.1", port=_free_port(), verbose=False)
    try:
        yield server
    finally:
        with redirect_stdout(io.StringIO()):
            server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _line_up(takes: Sequence[Clip]) -> list[Vector]:
    """Where the world of each infant stands; the camera series_styles from +x, so left is -y."""
    spacing, middle = max(_breadth_m(clip) for clip in takes), (len(takes) - 1) / 2
    return [np.array((0.0, (place - middle) * spacing, 0.0)) for place in range(len(takes))]


def _breadth_m(clip: Clip) -> float:
    """Room from side to side about the middle of an infant's world [m]."""
    widest = 2 * float(np.max(np.abs(room(clip)[:, 1])))
    platform = 2 * PLATFORM_HALF_EXTENTS_M[1] * clip.scene.has_platform
    return max(SPACING_M, widest + _GAP_M, platform + _GAP_M)


def _set_stage(server: "ViserServer", takes: Sequence[Clip], offsets: Sequence[Vector]) -> None:
    """Floor, and a camera from the front right as near as all of all films fits in."""
    points = np.concatenate([_seen(clip) + at for clip, at in zip(takes, offsets, strict=True)])
    server.scene.set_up_direction("+z")
    add_floor(server.scene, "/floor", points, min(floor_height_m(clip.scene) for clip in takes))
    azimuth = _ALONE_RAD if len(takes) == 1 else _LINE_UP_RAD
    shot = camera_pose_of(points, azimuth, _ELEVATION_RAD)
    camera = server.initial_camera
    camera.look_at = tuple(shot.look_at_m.tolist())
    camera.position = tuple(shot.eye_m.tolist())
    camera.fov = FIELD_OF_VIEW_RAD


def _seen(clip: Clip) -> Vector:
    """Corners of the room of an infant with its title above [m], (2 + n, 3)."""
    points = room(clip)
    title = points.max(axis=0) + np.array((0.0, 0.0, _TITLE_M))
    return np.stack((points.min(axis=0), title))[_BOX, (0, 1, 2)]


def _add_figure(scene: "SceneApi", part: Part, clip: Clip) -> Figure:
    name, offset = part.node, part.offset_m
    low, high = (edge(room(clip), axis=0) for edge in (np.min, np.max))
    above = offset + np.array((*((low + high) / 2)[:2], high[2] + _TITLE_M))
    scene.add_label(
        f"{name}/title", part.title, position=above, anchor="bottom-center", font_screen_scale=1.25
    )
    return Figure(
        segments=add_body(scene, name, clip.shapes, PAINT | {"shirt": part.shirt}),
        hands=tuple(
            (palm.segment_index, scene.add_mesh_trimesh(f"{name}/hand_{i}", hand_mesh(palm)))
            for i, palm in enumerate(palms(clip.recording, clip.shapes))
        ),
        platform=add_props(scene, name, clip.scene, offset),
        push=scene.add_mesh_trimesh(
            f"{name}/push", arrow_mesh(0.18, 0.008, "#d55e00"), position=_AWAY
        ),
        caption=scene.add_label(
            f"{name}/caption", "", position=above, anchor="top-center", font_screen_scale=1.0
        ),
        offset_m=offset,
    )


def _film(server: "ViserServer", recordings: Sequence[Recording], figures: Sequence[Figure]) -> str:
    """Show all frames and give the page; who ends early stays where it ended."""
    serializer = server.get_scene_serializer()
    hz = recordings[0].control_hz
    stride = max(1, round(hz / _FRAMES_PER_S))
    length = max(len(recording.time_s) for recording in recordings)
    for frame in range(0, length + stride - 1, stride):
        with server.atomic():
            for recording, figure in zip(recordings, figures, strict=True):
                _show(recording, figure, frame, stride)
        serializer.insert_sleep(stride / hz)
    return serializer.as_html()


def _show(recording: Recording, figure: Figure, frame: int, stride: int) -> None:
    """Move one infant to a frame; after its last frame nothing moves."""
    last = len(recording.time_s) - 1
    if frame - stride >= last:
        return
    now = min(frame, last)
    _move_parts(recording, figure, now)
    _move_push(recording, figure, now)
    caption = _caption(recording, now)
    if figure.caption.text != caption:
        figure.caption.text = caption


def _move_parts(recording: Recording, figure: Figure, frame: int) -> None:
    """Body, hands and platform."""
    position = recording.segment_pos_world[frame] + figure.offset_m
    quaternion = wxyz(recording.segment_quat_world[frame])
    for index, handle in (*figure.segments.items(), *figure.hands):
        move(handle, position[index], quaternion[index])
    move_platform(figure.platform, recording.platform[frame], figure.offset_m)


def _move_push(recording: Recording, figure: Figure, frame: int) -> None:
    """Show the last push a little longer than it lasts, at the centre of mass."""
    force = _recent_push(recording, frame)
    size = float(np.linalg.norm(force))
    if size == 0:
        if figure.push.visible:
            figure.push.visible = False
        return
    figure.push.position = recording.com_m[frame] + figure.offset_m
    figure.push.wxyz = _turn_of_x_to(force / size)
    figure.push.visible = True


def _recent_push(recording: Recording, frame: int) -> Vector:
    """Force of the latest push within the time that it is shown [N], (3,); zero if none."""
    first = max(0, frame - round(_NUDGE_SHOWN_S * recording.control_hz))
    forces = recording.push_force_world[first : frame + 1]
    pushed = np.flatnonzero(np.any(forces != 0, axis=1))
    return forces[pushed[-1]] if len(pushed) else np.zeros(3)


def _turn_of_x_to(direction: Vector) -> Vector:
    """Quaternion (w, x, y, z) of the shortest turn of +x to a unit vector, (4,)."""
    turn = np.array((1.0 + direction[0], 0.0, -direction[2], direction[1]))
    size = float(np.linalg.norm(turn))
    return turn / size if size > 1e-9 else np.array((0.0, 0.0, 0.0, 1.0))


def _caption(recording: Recording, frame: int) -> str:
    """Time and head height, and how it ended once it has."""
    time, height = float(recording.time_s[frame]), float(recording.head_height_m[frame])
    if frame == len(recording.time_s) - 1 and recording.physics_fault:
        return f"stopped by a physics fault at {time:.1f} s"
    if frame == len(recording.time_s) - 1 and recording.fell:
        return f"fell at {time:.1f} s"
    return f"{time:.1f} s, head at {100 * height:.0f} cm"
