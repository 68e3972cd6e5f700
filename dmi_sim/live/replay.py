"""Recordings as the page of the classroom in one file: the code that draws live draws them too."""

from collections.abc import Mapping

import numpy as np

from dmi_sim.errors import InputError
from dmi_sim.live.choices import all_choices
from dmi_sim.live.film import page_with
from dmi_sim.live.looks import COLOURS_OF_PAGE, features
from dmi_sim.live.messages import InfantChoice, InfantFrame, InfantScene, Setup, Welcome
from dmi_sim.live.packing import packed
from dmi_sim.live.scenery import part_of, three
from dmi_sim.render.clip import Clip
from dmi_sim.render.frames import FRAMES
from dmi_sim.render.scene import body_drawables, extreme_points, floor_height_m


def replay_html(clips: Mapping[str, Clip], shirts: Mapping[str, str] | None = None) -> str:
    """A self-contained page that replays recordings, two of them side by side.

    Args:
        clips: Clips to show, by title; the first two are seen at first.
        shirts: Colours of shirts as ``#rrggbb``, by title.

    Raises:
        InputError: If there is no clip.
    """
    if not clips:
        raise InputError("replay: no recording to show; give at least one")
    colours = dict(shirts or {})
    hz = next(iter(clips.values())).recording.control_hz
    choices = all_choices().model_copy(update={"control_hz": hz})
    nobody = InfantChoice()
    return page_with(
        {
            "welcome": Welcome(role="teacher", choices=choices).model_dump(mode="json"),
            "setup": Setup(infants={"a": nobody, "b": nobody}, paused=True, speed=1).model_dump(
                mode="json"
            ),
            "takes": [
                {
                    "title": " ".join(title.split()),
                    "scene": clip_scene(clip, colours.get(title)).model_dump(mode="json"),
                    "frames": [
                        {"time_s": round(float(time_s), 3), "infant": frame.model_dump(mode="json")}
                        for time_s, frame in zip(
                            clip.recording.time_s, clip_frames(clip), strict=True
                        )
                    ],
                }
                for title, clip in clips.items()
            ],
        }
    )


def clip_scene(clip: Clip, shirt: str | None = None) -> InfantScene:
    """Body and furniture of a recording; nobody can take hold of it.

    Args:
        clip: The recording with its body and furniture.
        shirt: Colour of the shirt as ``#rrggbb``.
    """
    space = clip.space_m
    body = extreme_points(body_drawables(clip.shapes), clip.frames.at(0))
    return InfantScene(
        infant="a",
        frames=FRAMES,
        colours={**COLOURS_OF_PAGE, **({"shirt": shirt} if shirt else {})},
        parts=(*(part_of(one) for one in clip.drawables), *features(clip.shapes)),
        grips=(),
        floor_m=floor_height_m(clip.scene),
        low_m=three(space.min(axis=0)),
        high_m=three(space.max(axis=0)),
        mass_kg=float(clip.recording.mass_kg),
        length_m=float(np.ptp(body, axis=0).max()),
    )


def clip_frames(clip: Clip) -> tuple[InfantFrame, ...]:
    """What is seen of the infant at each control step."""
    return tuple(_frame(clip, step) for step in range(len(clip.recording.time_s)))


def _frame(clip: Clip, step: int) -> InfantFrame:
    one = clip.recording
    is_last = step == len(one.time_s) - 1
    height_m = float(one.head_height_m[step])
    return InfantFrame(
        poses=packed(clip.frames.at(step)),
        site=str(one.support_site[step]),
        firmness=round(float(one.support_strength[step]), 2),
        support_force_n=round(float(one.support_force_n[step]), 1),
        support_share=round(float(one.support_share[step]), 3),
        head_height_m=round(height_m, 3),
        head_share=round(height_m / max(float(one.head_height_m[0]), 0.01), 3),
        upright_rad=round(float(one.upright_rad[step]), 3),
        completion=round(float(one.completion), 3),
        is_success=bool(one.is_success),
        fell_at_s=round(float(one.time_s[step]), 2) if one.fell and is_last else None,
    )
