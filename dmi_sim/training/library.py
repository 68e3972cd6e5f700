"""Trained policies on disk: one bundle per exercise and seed, in folders ``<exercise>_<seed>``."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.names import exercises as shipped_exercises
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.training.bundle import CARD, Setting, load_bundle, read_bundle_manifest
from dmi_sim.training.interface import Env, make_environment
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.train import POLICY_FOLDER


def shipped_folder() -> Path:
    """Where the policies of this installation are; it may be empty."""
    return Catalog.shipped().root / "models" / "policies"


def bundles(folder: Path) -> dict[str, dict[int, Path]]:
    """Policy bundles by exercise and seed.

    Args:
        folder: Holds folders such as ``sitting_0``, of policies or of trainings; others in it are
            passed over.

    Raises:
        InputError: If there is no such folder, unless it is that of an installation without any.
    """
    if not folder.is_dir() and folder != shipped_folder():
        raise InputError(f"policies: no folder {folder}")
    known, found = shipped_exercises(), dict[str, dict[int, Path]]()
    for path in sorted(folder.glob("*_*")):
        exercise, _, seed = path.name.rpartition("_")
        bundle = bundle_in(path)
        if exercise in known and seed.isdecimal() and (bundle / CARD).is_file():
            found.setdefault(exercise, {})[int(seed)] = bundle
    return {name: dict(sorted(by_seed.items())) for name, by_seed in sorted(found.items())}


def bundle_in(folder: Path) -> Path:
    """The bundle in a folder of training, or the folder itself."""
    inside = folder / POLICY_FOLDER
    return inside if inside.is_dir() else folder


def load_policy(bundle: Path, exercise: str, infant: Mapping[str, Any]) -> NumpyPolicy:
    """The policy of a bundle, if it fits an infant in an exercise.

    Args:
        bundle: Folder of the policy.
        exercise: Name of a file in ``envs/``.
        infant: Fields of :class:`dmi_sim.env.config.EnvConfig` that say who it is.

    Raises:
        InputError: If the bundle is not whole, practised something else, or there is no such
            infant.
    """
    arguments = {"support": training_site(bundle, exercise), **infant}
    with closing(make_environment(environment_id(exercise), arguments)) as env:
        return load_bundle(bundle, env)


def training_site(bundle: Path | None, exercise: str) -> str:
    """Where hands held during practice; without a bundle, as little as the exercise allows.

    Raises:
        InputError: If the bundle is not whole.
    """
    least = Catalog.shipped().load(ExerciseSpec, exercise).supports[-1]
    arguments = (
        read_bundle_manifest(bundle).metadata.environment_kwargs if bundle is not None else {}
    )
    return str(arguments.get("support", least))


def one_each(
    folder: Path, seed: int | None, infant: Mapping[str, Any], exercises: Iterable[str]
) -> dict[str, NumpyPolicy]:
    """One trained policy for each exercise that has one.

    Args:
        folder: Holds the bundles.
        seed: Which; exercises without a bundle of this seed are left out. None for the lowest.
        infant: Fields of :class:`dmi_sim.env.config.EnvConfig` that say who it is.
        exercises: Those wanted.

    Raises:
        InputError: If there is no such folder, or a bundle does not fit.
    """
    found = bundles(folder)
    by_seed = {name: found[name] for name in exercises if name in found}
    chosen = {name: min(paths) if seed is None else seed for name, paths in by_seed.items()}
    return {
        name: load_policy(paths[chosen[name]], name, infant)
        for name, paths in by_seed.items()
        if chosen[name] in paths
    }


@contextmanager
def open_for_assessment(
    folder: Path | None, exercise: str, settings: Mapping[str, Setting]
) -> Generator[tuple[PostureEnv, NumpyPolicy | None]]:
    """A controller in the exercise of an assessment, closed in the end.

    Args:
        folder: A policy bundle, or a folder of training with one in it; None for reflexes only.
        exercise: In which the assessment is done.
        settings: Arguments of the environment that differ from those in training.

    Yields:
        The environment, and what acts in it.

    Raises:
        InputError: If the bundle is not whole or practised another exercise.
    """
    name, practised = environment_id(exercise), dict[str, Setting]()
    if folder is not None:
        folder = bundle_in(folder)
        metadata = read_bundle_manifest(folder).metadata
        name, practised = metadata.interface.environment_id, metadata.environment_kwargs
    with closing(make_environment(name, {**practised, **settings})) as env:
        inner = exercise_of(env, exercise)
        yield inner, load_bundle(folder, env) if folder else None


def exercise_of(env: Env, exercise: str) -> PostureEnv:
    """The environment inside its wrappers, if it holds the exercise of an assessment.

    Raises:
        InputError: If it holds another one, or is none of ours.
    """
    inner = env.unwrapped
    held = inner.build.config.exercise if isinstance(inner, PostureEnv) else type(inner).__name__
    if not isinstance(inner, PostureEnv) or held != exercise:
        raise InputError(f"exercise: {held}; this assessment is done in {exercise}")
    return inner
