"""Recordings as the page in one file: the code that draws live draws them too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from dmi_sim.errors import InputError
from dmi_sim.page.messages import InfantFrame, InfantScene
from dmi_sim.page.one_file import page_with
from dmi_sim.page.packing import packed
from dmi_sim.page.scenery import COLOURS_OF_PAGE, page_cloths, page_parts, three
from dmi_sim.render.captions import end_of
from dmi_sim.render.clip import Clip
from dmi_sim.render.frames import FRAMES
from dmi_sim.render.scene import body_drawables, extreme_points, floor_height_m
from dmi_sim.render.series_style import series_styles

MOST_BESIDE = 6
"""Largest number of infants side by side; there are as many colours."""
_PUSH_SHOWN_S = 0.4
"""Time for which a push is shown after it has ended."""


@dataclass(frozen=True)
class Recordings:
    """Clips, and which of them are seen side by side.

    Attributes:
        clips: Clips by title.
        shirts: Colours of shirts as ``#rrggbb``, by title; by their order where none is given.
        films: Titles of the clips that are seen side by side, by the title of their film; one film
            of all where there is none.
    """

    clips: Mapping[str, Clip]
    shirts: Mapping[str, str] = field(default_factory=dict)
    films: Mapping[str, Sequence[str]] = field(default_factory=dict)


def replay_html(
    recordings: Recordings,
    *,
    pictures_per_s: int = 30,
    language: str | None = None,
    plays: bool = True,
) -> str:
    """A self-contained page that replays recordings side by side.

    Args:
        recordings: What it shows; the page has a choice of films.
        pictures_per_s: Pictures that are kept of each second; the page moves smoothly between them.
        language: Language in which the page opens; that of the browser if None.
        plays: Whether the film begins at once.

    Raises:
        InputError: If there is no clip.
    """
    clips = recordings.clips
    if not clips:
        raise InputError("replay: no recording to show; give at least one")
    shirts = {title: style.colour for title, style in series_styles(clips).items()}
    shirts |= recordings.shirts
    hz = next(iter(clips.values())).recording.control_hz
    stride = max(1, round(hz / pictures_per_s))
    return page_with(
        {
            "hz": hz / stride,
            "language": language,
            "plays": plays,
            "takes": [_take(title, one, shirts[title], stride) for title, one in clips.items()],
            "films": _films(recordings),
        }
    )


def _films(recordings: Recordings) -> list[dict[str, object]]:
    """Titles of films, and the places of their clips among all."""
    place = {title: index for index, title in enumerate(recordings.clips)}
    films = in_pages(recordings.films or {"": [*recordings.clips]})
    return [
        {"title": title, "takes": [place[one] for one in shown]} for title, shown in films.items()
    ]


def in_pages(films: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The films, those of more infants than have place side by side as several.

    >>> in_pages({"All": "abcdefg"})
    {'All (1)': 'abcdef', 'All (2)': 'g'}
    """
    pages: dict[str, Sequence[str]] = {}
    for title, shown in films.items():
        starts = range(0, len(shown), MOST_BESIDE)
        for number, start in enumerate(starts, 1):
            name = f"{title} ({number})".strip() if len(starts) > 1 else title
            pages[name] = shown[start : start + MOST_BESIDE]
    return pages


def _take(title: str, clip: Clip, shirt: str, stride: int) -> dict[str, object]:
    """All that the page is told of a recording; its last step is always among the frames."""
    recording = clip.recording
    frames, last = clip_frames(clip), len(recording.time_s) - 1
    return {
        "title": " ".join(title.split()),
        "ending": end_of(recording),
        "scene": clip_scene(clip, shirt).model_dump(mode="json"),
        "frames": [
            {
                "time_s": round(float(recording.time_s[step]), 3),
                "infant": frames[step].model_dump(mode="json"),
            }
            for step in (*range(0, last, stride), last)
        ],
    }


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
        parts=page_parts(clip.drawables, clip.shapes),
        cloths=page_cloths(clip.shapes),
        grips=(),
        floor_m=floor_height_m(clip.scene),
        low_m=three(space.min(axis=0)),
        high_m=three(space.max(axis=0)),
        mass_kg=float(clip.recording.mass_kg),
        length_m=float(np.ptp(body, axis=0).max()),
    )


def clip_frames(clip: Clip) -> tuple[InfantFrame, ...]:
    """What is seen of the infant at each control step; pushes last until they have been seen."""
    shown = _with_longer_pushes(clip)
    return tuple(_frame(shown, step) for step in range(len(clip.recording.time_s)))


def _with_longer_pushes(clip: Clip) -> Clip:
    force = clip.recording.push_force_world
    now = np.arange(len(force))
    latest = np.maximum.accumulate(np.where(force.any(axis=1), now, -1))
    is_shown = (latest >= 0) & (now - latest <= _PUSH_SHOWN_S * clip.recording.control_hz)
    shown = np.where(is_shown[:, None], force[latest], 0.0)
    return replace(clip, recording=replace(clip.recording, push_force_world=shown))


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
