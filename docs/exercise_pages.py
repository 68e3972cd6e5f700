"""One page for each exercise, made from its file in ``envs/`` and from the policies that it has."""

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from film_list import caption, read_films
from infant_page import infant_page
from markdown_text import code, first_line, section, settings, table, words
from PIL import Image

from dmi_sim.assessments.exercise_comparison.text import CALM_LEGEND, SCORE_HEAD, score_cells
from dmi_sim.catalog import Catalog
from dmi_sim.env.criteria import CRITERIA, success_in_words
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.registration import REPERTOIRE
from dmi_sim.env.rewards import REWARD_TERMS
from dmi_sim.env.terminations import TERMINATIONS
from dmi_sim.infant import Infant
from dmi_sim.names import INFANT_ID, environment_id, exercises, old_version
from dmi_sim.spec.exercise import ExerciseSpec, TermSpec
from dmi_sim.tables import MINUS, UNKNOWN
from dmi_sim.training.bundle import read_bundle_manifest
from dmi_sim.training.library import bundles, shipped_folder, shipped_policies

NOTICE = "Simulation for education and hypothesis generation; not clinical evidence."
"""Context of use, at the foot of each page."""


def exercise_pages() -> dict[str, str]:
    """All pages of the section by their path in the site."""
    pages = {
        "exercises/index.md": "\n".join(_index()),
        "exercises/films.md": "\n".join(_films()),
        "exercises/infant.md": infant_page(),
    }
    with closing(gym.make(f"dmi_sim:{INFANT_ID}")) as env:
        pages["exercises/repertoire.md"] = "\n".join(_repertoire(env.unwrapped))
    for name, spec in by_age():
        with closing(gym.make(f"dmi_sim:{environment_id(name)}")) as env:
            pages[f"exercises/{name}.md"] = "\n".join(_page(name, spec, env.unwrapped))
    return pages


def exercise_pictures() -> dict[str, bytes]:
    """The start posture of each exercise, as PNG, by its path in the site."""
    return {f"exercises/{name}.png": _start_picture(name) for name in exercises()}


def by_age() -> list[tuple[str, ExerciseSpec]]:
    """All exercises, by typical age."""
    loaded = [(name, Catalog.shipped().load(ExerciseSpec, name)) for name in exercises()]
    return sorted(loaded, key=lambda one: one[1].typical_age_months)


def success_text(spec: ExerciseSpec) -> str:
    """What success is, in words."""
    return success_in_words(spec.success)


def _index() -> Iterator[str]:
    yield "# Exercises\n"
    yield (
        f"{len(exercises())} exercises, from lifting the head on the belly to walking. Each is one "
        "YAML file in `envs/` and one Gymnasium environment. "
        "[Add one of your own](../how-to/exercise.md).\n"
    )
    yield table(
        ("Exercise", "The therapist says", "From", "Success"),
        [
            (f"[{s.title}]({n}.md)", s.instruction, f"{s.typical_age_months:g} months",
             success_text(s))
            for n, s in by_age()
        ],
    )  # fmt: skip
    yield (
        f"All of them share one [repertoire](repertoire.md) of commands and senses, and "
        f"`{INFANT_ID}` holds them all.\n"
    )
    yield "![What success looks like, a picture for each exercise](../pictures/successes.png)\n"
    yield (
        "How the shipped policies compare with reflexes alone, a limp body and chance: "
        "[trained and untrained](trained.md); one infant who learns them all: "
        "[one infant](infant.md). In motion: [films](films.md). What helps what, "
        "and from which age: [transfer and ages](learning.md).\n"
    )
    yield f"{NOTICE}\n{{ .notice }}"


def _films() -> Iterator[str]:
    yield "# Films\n"
    yield (
        "Each film is one whole episode in real time, which training never saw, recorded by "
        "`gymnasium.wrappers.RecordVideo` (`make films`). It is no choice specimen: of ten unseen "
        "episodes that with the median reward of those which succeed, or, where none does, that "
        "with the median of what was completed.\n"
    )
    films = read_films()
    for name, spec in by_age():
        if name in films:
            yield f"## [{spec.title}]({name}.md)\n"
            yield from _film(name)
    if not films:
        yield "None is recorded yet.\n"
    yield f"{NOTICE}\n{{ .notice }}"


def _film(name: str) -> Iterator[str]:
    """The film of an exercise and the sentence that belongs to it; nothing without one."""
    shown = read_films().get(name)
    if shown is not None:
        yield (
            f'<video controls loop muted playsinline preload="none" width="480" poster="{name}.png"'
            f' src="../films/{name}.mp4"></video>\n'
        )
        yield f"[Film](../films/{name}.mp4): {caption(shown)}\n"


def _page(name: str, spec: ExerciseSpec, env: Any) -> Iterator[str]:
    yield f"# {spec.title}\n"
    yield f"The therapist says: *{spec.instruction}.*\n"
    yield f"![Start posture: {spec.title}]({name}.png){{ width=360 }}\n"
    yield from _film(name)
    yield _facts(name, spec)
    yield from section("Success and end", *_ends(spec))
    yield from section("Start", *_start(spec))
    if spec.repertoire is None:
        yield from section("Observations", *_observations(env))
        yield from section("Actions", *_actions(env))
    else:
        yield from section("Observations and actions", *_shared(spec, env))
    yield from section("Rewards", *_rewards(spec))
    yield from section("Pushes and platform", *_perturbations(spec))
    yield from section("Shipped policies", *_policies(name, spec))
    yield from section("Training", *_training(spec))
    yield from section("The file", _source(name))
    yield f"{NOTICE}\n{{ .notice }}"


def _facts(name: str, spec: ExerciseSpec) -> str:
    rows = {
        "Environment": code(environment_id(name)),
        "Dimension": words(spec.dimension),
        "Makes sense from": f"{spec.typical_age_months:g} months",
        "Age, if no other is asked for": f"{spec.age_months:g} months",
        "Supports, proximal to distal": ", ".join(map(code, spec.supports)),
        "Support in training": code(spec.training_support or spec.supports[-1]),
        "Support, if none is asked for": code(spec.supports[-1]),
        "Hands move": _support_motion(spec),
        "Length": f"{spec.duration_s:g} s, {spec.control_hz} control steps a second, "
        f"{spec.physics_hz} physics steps a second",
        "Furniture": f"{len(spec.furniture)} box" if spec.furniture else "",
    }
    return table(("What", "Value"), [(key, value) for key, value in rows.items() if value])


def _support_motion(spec: ExerciseSpec) -> str:
    told = [
        f"{code(site)}: {', '.join(_motion_words(motion.model_dump()))}"
        for site, motion in spec.support_motion.items()
    ]
    return "; ".join(told)


def _motion_words(motion: Mapping[str, Any]) -> Iterator[str]:
    if motion["path"]:
        yield f"on a path of {len(motion['path'])} points"
    if any(motion["follow_s"]):
        yield "along with the infant"
    if motion["yields_above"] is not None:
        yield f"give way above {motion['yields_above']:g} body weights"


def _start_picture(name: str) -> bytes:
    with closing(gym.make(f"dmi_sim:{environment_id(name)}", render_mode="rgb_array")) as env:
        env.reset(seed=0)
        picture = Image.fromarray(np.asarray(env.render(), dtype=np.uint8))
    buffer = io.BytesIO()
    picture.save(buffer, "png", optimize=True)
    return buffer.getvalue()


def _ends(spec: ExerciseSpec) -> Iterator[str]:
    asked = (spec.success, *spec.success.also)
    criteria = (f"`{c.criterion}`: {first_line(CRITERIA[c.criterion].function)}" for c in asked)
    kind = "Criterion" if len(asked) == 1 else "Criteria"
    yield f"**Success**: {success_text(spec)}. {kind} {' '.join(criteria)}"
    yield f"**Time** (truncates the episode): {spec.duration_s:g} s."
    yield "**A fall** (terminates it): " + ("any of these." if spec.terminations else "impossible.")
    yield table(
        ("Fall", "Function", "Parameters", "What it is"),
        [
            (words(name), code(one.term), settings(one.params), first_line(TERMINATIONS[one.term]))
            for name, one in spec.terminations.items()
        ],
    )


def _start(spec: ExerciseSpec) -> Iterator[str]:
    start = spec.start
    if any(start.pelvis_rotation_deg):
        yield (
            f"Rotation vector of the pelvis {list(start.pelvis_rotation_deg)}° about forward, left "
            "and up."
        )
    yield table(
        ("Axis", "Angle"), [(code(axis), f"{deg:g}°") for axis, deg in start.angles_deg.items()]
    )
    yield (
        "Other angles are 0; limbs without a side mean both sides. Every actuated axis varies from "
        f"episode to episode with a standard deviation of {start.angle_sd_deg:g}°, and the infant "
        "is put down so that it rests with stiff joints."
    )
    if start.com_within is not None:
        yield (
            "Its mass begins, on the level and over what the mean pose touches, at most "
            f"{start.com_within:g} body lengths from where it is there."
        )


def _repertoire(env: Any) -> Iterator[str]:
    """The page of what all exercises of the infant share."""
    yield "# Repertoire\n"
    yield (
        f"What an infant can do and sense is the same in every exercise, so that one policy can "
        f"act in all of them: `models/repertoire/{REPERTOIRE}.yaml`. `{INFANT_ID}` holds all "
        "exercises; a reset names one, or it is drawn. The *cue* tells the infant which.\n"
    )
    yield from section("Observations", *_observations(env))
    yield from section("Actions", *_actions(env))
    yield (
        "Synergies with a phase are *rhythm channels*: they burst with the central pattern "
        "generator of the exercise, and do nothing in an exercise without one.\n"
    )
    yield f"{NOTICE}\n{{ .notice }}"


def _shared(spec: ExerciseSpec, env: Any) -> Iterator[str]:
    yield (
        f"{len(env.observation_names)} numbers are felt and {len(env.action_names)} given, those "
        f"of the [repertoire](repertoire.md) `{spec.repertoire}`, as in every exercise."
    )
    forward, left = spec.asked_velocity
    rows = {
        "Cue": str(spec.cue) if spec.cue is not None else "one that its name picks",
        "Velocity asked for": f"{forward:g} forward, {left:g} left, in body lengths a second",
        "Central pattern generator": "rests"
        if spec.cpg_frequency_hz is None
        else f"runs at {spec.cpg_frequency_hz:g} Hz",
    }
    yield table(("What", "Value"), list(rows.items()))


def _observations(env: Any) -> Iterator[str]:
    spec: ExerciseSpec = env.build.spec
    names: tuple[str, ...] = env.observation_names
    sizes = {key: len(list(group)) for key, group in groupby(names, lambda n: n.partition("[")[0])}
    yield f"{len(names)} numbers, each of the order of 1, noisy and late."
    yield table(
        ("Observation", "Numbers", "Late", "Noise (SD)", "What it is"),
        [_observation(name, sizes[name], env.infant) for name in spec.observations],
    )
    yield (
        "Noise at the age of the exercise, as scaled. Late: `joint`, by the delay of each joint; "
        "`head`, by the central delay; see [control](../concepts/control.md#delays-and-noise)."
    )


def _observation(name: str, size: int, infant: Infant) -> tuple[str, ...]:
    term = OBSERVATIONS[name]
    noise = term.noise(infant.nervous.noise)
    late = "head" if term.is_delayed else "joint" if noise else "at once"
    return code(name), str(size), late, f"{noise:.2g}", first_line(term.compute)


def _actions(env: Any) -> Iterator[str]:
    spec: ExerciseSpec = env.build.spec
    yield (
        f"{len(env.action_names)} numbers from {MINUS}1 to 1 in `posture` and in `synergy` mode, "
        "one for each muscle in `muscle` mode; see [control](../concepts/control.md)."
    )
    yield table(
        ("Synergy", "Full action", "Axes", "Bursts at phase", "Co-contracts"),
        [
            (code(name), f"{s.range_deg:g}°", settings(s.axes),
             UNKNOWN if s.cpg_phase_deg is None else f"{s.cpg_phase_deg:g}°",
             f"{s.cocontraction:g}" if s.cocontraction else UNKNOWN)
            for name, s in spec.synergies.items()
        ],
    )  # fmt: skip
    yield table(
        ("Co-contraction", "Full action, in optimal lengths", "Regions"),
        [
            (code(name), f"{c.range:g}", ", ".join(c.regions))
            for name, c in spec.cocontractions.items()
        ],
    )
    if spec.repertoire is None and spec.cpg_frequency_hz is not None:
        yield f"The central pattern generator runs at {spec.cpg_frequency_hz:g} Hz."


def _rewards(spec: ExerciseSpec) -> Iterator[str]:
    yield "The reward is the sum of these terms; no term sees the hands."
    head = ("Term", "Weight", "Function", "Parameters", "What it is")
    each = [_term(name, term, "a second") for name, term in spec.rewards.items()]
    once = [_term(name, term, "once, at a fall") for name, term in spec.on_fall.items()]
    yield table(head, [*each, *once])


def _term(name: str, term: TermSpec, when: str) -> tuple[str, ...]:
    meaning = first_line(REWARD_TERMS[term.term])
    weight = f"{term.weight:+g} {when}".replace("-", MINUS)
    return words(name), weight, code(term.term), settings(term.params), meaning


def _perturbations(spec: ExerciseSpec) -> Iterator[str]:
    if spec.pushes is not None:
        p = spec.pushes
        yield (
            f"With `pushes=True`: level pushes on the {words(p.segment)} from any side, the first "
            f"at {p.first_s:g} s, then every {p.every_s:g} s, each {p.duration_s:g} s long. The "
            f"first has an impulse of {p.first_m_s:g} N s per kilogram of body mass, each next one "
            f"{p.growth_m_s:g} more."
        )
    if spec.platform is not None:
        p = spec.platform
        yield (
            f"The platform tilts and slides to any side and back: first by {p.first_tilt_deg:g}° "
            f"and {p.first_shift:g} body lengths, then by {p.tilt_growth_deg:g}° and "
            f"{p.shift_growth:g} body lengths more each time."
        )


def _policies(name: str, spec: ExerciseSpec) -> Iterator[str]:
    found = shipped_policies(name)
    if not found:
        return
    if name not in bundles(shipped_folder()):
        yield (
            f"These act in `{environment_id(old_version(name))}`, the exercise as it was before "
            "all shared one repertoire; [they go](../moving-from-0.1.md#exercises-of-version-0) "
            "with the next release."
        )
    yield table(
        ("Policy", "Trained with", "Simulated hours", *SCORE_HEAD),
        [_policy(path, spec) for path in found.values()],
    )
    yield f"{CALM_LEGEND} Test one yourself:"
    yield f"```sh\ndmi-sim evaluate models/policies/{next(iter(found.values())).name}\n```"


def _policy(folder: Path, spec: ExerciseSpec) -> tuple[str, ...]:
    metadata = read_bundle_manifest(folder).metadata
    return (
        code(folder.name),
        code(metadata.environment_kwargs.get("support", spec.supports[-1])),
        f"{metadata.dose_h:.2f}",
        *score_cells(metadata.scores),
    )


def _training(spec: ExerciseSpec) -> Iterator[str]:
    yield "PPO of stable-baselines3. Settings in italics are those that the file leaves out."
    given = spec.training.model_fields_set
    yield table(
        ("Setting", "Value"),
        [
            (code(name) if name in given else f"*{name}*", str(value))
            for name, value in spec.training
        ],
    )


def _source(name: str) -> str:
    text = Catalog.shipped().text(ExerciseSpec, name)
    inside = "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())
    return f'??? note "envs/{name}.yaml"\n\n    ```yaml\n{inside}    ```'
