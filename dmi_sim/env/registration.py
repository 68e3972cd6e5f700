"""Gymnasium ids: one for each file in ``envs/``; nothing is parsed to register them."""

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import gymnasium as gym

from dmi_sim.aliases import canonical
from dmi_sim.errors import InputError, MachineProblem, did_you_mean, shown
from dmi_sim.names import (
    INFANT_ID,
    environment_id,
    exercise_text,
    exercises,
    old_exercises,
    shipped_exercises,
)

if TYPE_CHECKING:
    from dmi_sim.catalog import Catalog
    from dmi_sim.env.config import EnvConfig
    from dmi_sim.render.picture_format import PictureFormat


def register(exercises: Iterable[str]) -> None:
    """Make exercises known to ``gym.make``, with the control steps of their episodes."""
    for exercise in exercises:
        gym.register(
            id=environment_id(exercise),
            entry_point="dmi_sim.env.registration:make",
            kwargs={"exercise": exercise, "registered": exercise},
            max_episode_steps=max_episode_steps(exercise),
        )


def register_infant() -> None:
    """Make the environment of all exercises known to ``gym.make``; each has a time of its own."""
    gym.register(id=INFANT_ID, entry_point="dmi_sim.env.registration:make_infant")


def max_episode_steps(exercise: str) -> int | None:
    """Control steps in an episode of an exercise; None if its file cannot be read.

    Two numbers are picked out of the text, because reading all files takes longer than importing
    the package may. A file that is written in another way is read in full.

    >>> max_episode_steps("sitting")
    300
    """
    text = exercise_text(exercise)
    duration_s, control_hz = (re.search(_LINE.format(key), text, re.M) for key in _KEYS)
    if duration_s and control_hz:
        return round(float(duration_s[1]) * float(control_hz[1]))
    return _steps_in_full(exercise)


_KEYS = ("duration_s", "control_hz")
_LINE = r"^{}:[ ]+([0-9]+(?:\.[0-9]+)?)[ ]*(?:[ ]#.*)?$"
"""A key at the left margin, which is one of the file itself, and a plain number."""


def _steps_in_full(exercise: str) -> int | None:
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.exercise import ExerciseSpec

    try:
        return Catalog.shipped().load(ExerciseSpec, exercise).episode_steps
    except (InputError, MachineProblem):
        return None  # whoever makes the environment is told


def register_missing(exercises: Iterable[str]) -> None:
    """Register the exercises that ``gym.make`` does not know yet, as those of another catalog.

    Of two with the same id, such as one's own ``sitting`` of version 0 and ``sitting_v0``, the
    first has it.
    """
    for exercise in exercises:
        if environment_id(exercise) not in gym.registry:
            register([exercise])


def register_at_import() -> None:
    """Register all exercises; only the shipped ones if a researcher's own folder is missing.

    Whoever makes an environment is told then, in one line, rather than whoever imports us.
    """
    register_infant()
    try:
        register_missing((*exercises(), *old_exercises()))
    except MachineProblem:
        register_missing(shipped_exercises())


_RENDER = ("render_mode", "render_camera", "render_width", "render_height")


def refresh() -> None:
    """Register what a researcher's own folder has that was named after the import.

    An exercise of the same name with another time limit gets that limit.
    """
    wanted: dict[str, str] = {}
    for exercise in (*exercises(), *old_exercises()):
        wanted.setdefault(environment_id(exercise), exercise)
    for name, exercise in wanted.items():
        known_as = gym.registry.get(name)
        if known_as and known_as.kwargs.get("exercise") != exercise:
            del gym.registry[name]  # one's own file stands in place of the old version, or did
    register_missing(wanted.values())
    for name, exercise in wanted.items():
        limit = max_episode_steps(exercise)
        if limit is not None:  # a file that cannot be read leaves the limit as it was
            gym.registry[name].max_episode_steps = limit


def make(
    exercise: str,
    render_mode: str | None = None,
    catalog: "Catalog | None" = None,
    *,
    registered: str | None = None,
    render_camera: str = "front_right",
    render_width: int | None = None,
    render_height: int | None = None,
    **config: Any,
) -> gym.Env[Any, Any]:
    """An environment; what ``gym.make`` calls.

    Args:
        exercise: Name of a file in ``envs/``.
        render_mode: ``rgb_array``, ``human`` or None.
        catalog: Catalog that files are read from; the shipped one by default.
        registered: Exercise of the id that was asked for; None without an id.
        render_camera: From where the infant is seen, a name in
            :data:`dmi_sim.render.picture_format.CAMERAS`.
        render_width: Width of the pictures of ``rgb_array`` in pixels; 480 by default.
        render_height: Height of those pictures in pixels; 360 by default.
        config: Fields of :class:`dmi_sim.env.config.EnvConfig`.

    Raises:
        InputError: If an argument is unknown or out of range.
    """
    from dmi_sim.env.posture_env import PostureEnv

    if registered is not None:
        exercise = _exercise_of_id(exercise, registered)
    chosen = _env_config(exercise, catalog, config)
    drawn = _picture_format(render_mode, render_camera, render_width, render_height)
    env = PostureEnv(chosen, render_mode, catalog, drawn)
    if env.build.spec.repertoire is None:
        _warn_of_the_end(environment_id(exercise))
    known_as = gym.registry.get(environment_id(exercise))
    limit = known_as.max_episode_steps if known_as else None
    # Files of another catalog may say another time, of which Gymnasium's wrapper knows nothing.
    env.leaves_time_to_gymnasium = limit == env.build.spec.episode_steps
    return env


_CALLER = 4
"""Frames from a warning to who called ``gym.make``: this module's two and Gymnasium's one."""
_WARNED_OF: list[str] = []
"""The id of version 0 whose end this process has been told of; one warning is enough."""


def _warn_of_the_end(old_id: str) -> None:
    """Say, once in a process, that an environment of version 0 goes."""
    if not _WARNED_OF:
        _WARNED_OF.append(old_id)
        text = f"{old_id} goes with the next release; {way_on(old_id)}"
        warnings.warn(text, DeprecationWarning, _CALLER)


def way_on(old_id: str) -> str:
    """What to do in place of an environment of version 0.

    >>> way_on("DMI/Sitting-v0")
    'make DMI/Sitting-v1 and train anew, see docs/moving-from-0.1.md'
    """
    new_id = f"{old_id.removesuffix('0')}1"
    where = "see docs/moving-from-0.1.md"
    if new_id in gym.registry:
        return f"make {new_id} and train anew, {where}"
    return f"write `repertoire: infant` in its file and train anew, {where}"


def make_infant(
    render_mode: str | None = None,
    catalog: "Catalog | None" = None,
    *,
    exercise: str | None = None,
    render_camera: str = "front_right",
    render_width: int | None = None,
    render_height: int | None = None,
    **config: Any,
) -> gym.Env[Any, Any]:
    """The environment of all exercises; what ``gym.make("DMI/Infant-v0")`` calls.

    Each reset may name an ``exercise``; without one it is drawn at random.

    Args:
        render_mode: ``rgb_array``, ``human`` or None.
        catalog: Catalog that files are read from; the shipped one by default.
        exercise: Exercise of resets that name none, in place of a random one.
        render_camera: As for :func:`make`.
        render_width: As for :func:`make`.
        render_height: As for :func:`make`.
        config: Fields of :class:`dmi_sim.env.config.EnvConfig`.

    Raises:
        InputError: If an argument is unknown or out of range.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.env.config import plain_config
    from dmi_sim.env.exercise_choice import suited_exercises
    from dmi_sim.env.posture_env import PostureEnv

    _require_catalog(catalog)
    files = catalog or Catalog.shipped()
    known = exercises_of_the_infant(files)
    first = exercise
    if first is None:  # any will do to read the spaces from
        first = suited_exercises(known, files, plain_config(config, catalog))[0]
    chosen = _env_config(first, catalog, config)
    drawn = _picture_format(render_mode, render_camera, render_width, render_height)
    env = PostureEnv(chosen, render_mode, catalog, drawn, known)
    if exercise is not None:
        env.set_default_options({"exercise": chosen.exercise})
    return env


REPERTOIRE = "infant"
"""File in ``models/repertoire`` that the exercises of one infant share."""


def exercises_of_the_infant(catalog: "Catalog") -> tuple[str, ...]:
    """The exercises that share the repertoire of the infant, one's own with it among them.

    Raises:
        InputError: If a file of an exercise is refused, or none shares it.
    """
    from dmi_sim.spec.exercise import ExerciseSpec

    names = catalog.names(ExerciseSpec)
    found = tuple(n for n in names if catalog.load(ExerciseSpec, n).repertoire == REPERTOIRE)
    if not found:
        raise InputError(f"{INFANT_ID}: no exercise has `repertoire: {REPERTOIRE}`")
    return found


def _env_config(
    exercise: object, catalog: "Catalog | None", config: Mapping[str, Any]
) -> "EnvConfig":
    """A user's choices, with aliases in plain words.

    Raises:
        InputError: If an argument is unknown.
    """
    from dmi_sim.env.config import EnvConfig, plain_config

    _require_catalog(catalog)
    known = [*_RENDER, *(field.name for field in fields(EnvConfig))]
    for name in config:
        if name not in known:
            raise InputError(f"{name}: no such argument; {did_you_mean(name, known)}")
    return EnvConfig(**plain_config({"exercise": exercise, **config}, catalog))


def _exercise_of_id(exercise: object, registered: str) -> str:
    """The exercise of an id, which no argument changes: under its name is nothing else.

    Raises:
        InputError: If another exercise is asked for; it names the id that has it.
    """
    meant = canonical(exercise, exercises())
    if isinstance(meant, str) and meant == registered:
        return registered
    own_id = environment_id(registered)
    if isinstance(meant, str) and meant in exercises():
        raise InputError(f"exercise: {own_id} is {registered}; make '{environment_id(meant)}'")
    nearest = did_you_mean(exercise, exercises())
    raise InputError(f"exercise: {own_id} is {registered}, not {shown(exercise)}; {nearest}")


def _require_catalog(catalog: object) -> None:
    from dmi_sim.catalog import Catalog

    if catalog is not None and not isinstance(catalog, Catalog):
        raise InputError(f"catalog: {shown(catalog)} is no dmi_sim.catalog.Catalog")


def _picture_format(
    render_mode: str | None, camera: str, width: int | None, height: int | None
) -> "PictureFormat":
    """From where and how large the infant is drawn.

    Raises:
        InputError: If a size is asked for where nothing has that size, or a value is not allowed.
    """
    from dmi_sim.render.picture_format import PictureFormat

    sizes = {"width": width, "height": height}
    given = {name: pixels for name, pixels in sizes.items() if pixels is not None}
    if given and isinstance(render_mode, str) and render_mode == "human":
        names = ", ".join(f"render_{name}" for name in given)
        raise InputError(
            f"{names}: the page of 'human' is as large as its browser; 'rgb_array' has a size"
        )
    return PictureFormat(camera, **given)
