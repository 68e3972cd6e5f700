"""Trained policies by name or path: in folders of them, ``<exercise>_<seed>`` is one of each."""

import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias, overload

from dmi_sim.catalog import Catalog
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import environment_id, old_exercises, old_version, version_practised
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.training.bundle import (
    MANIFEST,
    POLICY_FOLDER,
    Setting,
    load_bundle,
    read_bundle_manifest,
    read_policy,
)
from dmi_sim.training.foreign import is_foreign, load_foreign
from dmi_sim.training.policy import NumpyPolicy

PolicySource: TypeAlias = str | Path
"""What stands for a policy: its name, its folder or file, or ``module:function``."""


def policy_name(exercise: str, seed: int) -> str:
    """Folder of a trained policy.

    >>> policy_name("sitting", 0)
    'sitting_0'
    """
    return f"{exercise}_{seed}"


def shipped_folder(catalog: Catalog | None = None) -> Path:
    """Folder of the policies of an installation, by default this one; it may be empty."""
    return (catalog or Catalog.shipped()).root / "models" / "policies"


@overload
def load_policy(
    name_or_path: PolicySource, catalog: Catalog | None = None, *, env: None = None
) -> NumpyPolicy: ...
@overload
def load_policy(
    name_or_path: PolicySource,
    catalog: Catalog | None = None,
    *,
    env: Env,
    allow_other_exercise: bool = False,
) -> Controller: ...
def load_policy(
    name_or_path: PolicySource,
    catalog: Catalog | None = None,
    *,
    env: Env | None = None,
    allow_other_exercise: bool = False,
) -> Controller:
    """A policy, to be used in an environment of its exercise.

    Args:
        name_or_path: A shipped policy such as ``sitting_0``, or the folder of a policy bundle or of
            a training with one in it; with ``env`` also what
            :func:`dmi_sim.training.foreign.load_foreign` takes.
        catalog: Catalog of the installation with the shipped policies; this one by default.
        env: Environment in which it is to act, and must fit.
        allow_other_exercise: Whether a policy of ours may act in one that it never practised.

    Raises:
        InputError: If there is no such policy, its bundle is not whole, or it does not fit.
    """
    if env is not None and is_foreign(name_or_path):
        return load_foreign(name_or_path, env)
    folder = policy_folder(name_or_path, catalog)
    if env is None:
        return read_policy(folder)
    return load_bundle(folder, env, allow_other_exercise=allow_other_exercise)


def policy_folder(name_or_path: PolicySource, catalog: Catalog | None = None) -> Path:
    """The folder of the bundle of a policy.

    Args:
        name_or_path: As :func:`load_policy` takes it.
        catalog: Catalog of the installation with the shipped policies; this one by default.

    Raises:
        InputError: If there is no such policy; the message gives the nearest name.
    """
    named = ((one.name, bundle_in(one)) for one in shipped_folder(catalog).glob("*_*"))
    shipped = {name: bundle for name, bundle in named if (bundle / MANIFEST).is_file()}
    given: Any = name_or_path  # what a user gave may be anything
    if not given or not isinstance(given, str | Path):
        raise InputError(f"policy: {given!r} is neither a name nor a folder")
    folder, name = Path(name_or_path), str(name_or_path)
    if name in shipped and not (bundle_in(folder) / MANIFEST).is_file():
        folder = shipped[name]
    if is_foreign(name_or_path):
        raise InputError(
            f"policy: {name} is no bundle: it can act in an environment that is given (`env`), "
            "but nothing tells its exercise or how to train it further"
        )
    if not folder.is_dir():
        raise InputError(f"policy: no '{name}', nor such a folder; {did_you_mean(name, shipped)}")
    return bundle_in(folder)


def bundles(folder: Path, catalog: Catalog | None = None) -> dict[str, dict[int, Path]]:
    """Policy bundles by exercise and seed.

    Args:
        folder: Holds folders such as ``sitting_0``, of policies or of trainings; others in it are
            passed over.
        catalog: Catalog with the exercises; that of this installation by default.

    Raises:
        InputError: If there is no such folder, unless it is that of an installation without any.
    """
    found: dict[str, dict[int, Path]] = {}
    for name, by_seed in policies_in(folder, catalog).items():
        for seed, policy in by_seed.items():
            if policy.is_dir():
                found.setdefault(name, {})[seed] = policy
    return found


def shipped_policies(exercise: str, catalog: Catalog | None = None) -> dict[int, Path]:
    """The shipped policies of an exercise by seed; those of its version 0 until it has some.

    Args:
        exercise: Name of a file in ``envs/``.
        catalog: Catalog of the installation; this one by default.
    """
    found = bundles(shipped_folder(catalog), catalog)
    return found.get(version_practised(exercise, found), {})


def policies_in(folder: Path, catalog: Catalog | None = None) -> dict[str, dict[int, Path]]:
    """Policies by exercise and seed: bundles, and files from elsewhere such as ``sitting_0.onnx``.

    Args:
        folder: Holds them; a bundle goes before a file of the same name, all else is passed over.
        catalog: Catalog with the exercises; that of this installation by default.

    Raises:
        InputError: If there is no such folder, unless it is that of an installation without any.
    """
    if not folder.is_dir() and folder != shipped_folder(catalog):
        raise InputError(f"policies: no folder {folder}")
    known = (catalog or Catalog.shipped()).names(ExerciseSpec)
    found: dict[str, dict[int, Path]] = {}
    for path in sorted(folder.glob("*_*"), reverse=True):  # sitting_0 after sitting_0.zip
        is_file = is_foreign(path) and path.is_file()
        exercise, _, seed = (path.stem if is_file else path.name).rpartition("_")
        policy = path if is_file else bundle_in(path)
        if exercise in known and seed.isdecimal() and (is_file or (policy / MANIFEST).is_file()):
            practised = exercise if is_file else _version_in(policy, exercise)
            found.setdefault(practised, {})[int(seed)] = policy
    return {name: dict(sorted(by_seed.items())) for name, by_seed in sorted(found.items())}


def _version_in(bundle: Path, exercise: str) -> str:
    """The version of an exercise that a bundle under its name is of, read without the rest."""
    text = (bundle / MANIFEST).read_text(encoding="utf-8", errors="replace")
    environment = re.search(r'"environment_id": *"([^"]*)"', text)
    is_old = environment and environment[1] == environment_id(old_version(exercise))
    return old_version(exercise) if is_old else exercise


def bundle_in(folder: Path) -> Path:
    """The bundle in a folder of training, or the folder itself."""
    inside = folder / POLICY_FOLDER
    return inside if inside.is_dir() else folder


def practised_by(source: PolicySource) -> tuple[str, ...]:
    """The exercises that a policy of ours practised.

    Raises:
        InputError: If it is none of ours, or not whole.
    """
    if is_foreign(source):
        raise InputError(f"{source}: say in which exercises, as --exercises sitting")
    metadata = read_bundle_manifest(policy_folder(source)).metadata
    return tuple(one.name for one in metadata.exercises)


def version_for(source: PolicySource | None, exercise: str) -> str:
    """The version of an exercise for a policy: version 0 for one that practised nothing later.

    Policies of version 0 go on in their own version of the exercises, for one release.

    Raises:
        InputError: If it is a bundle that is not whole, or there is none.
    """
    if source is None or is_foreign(source):
        return exercise
    old, known = old_version(exercise), old_exercises()
    return old if old in known and all(one in known for one in practised_by(source)) else exercise


def training_arguments(source: PolicySource) -> dict[str, Setting] | None:
    """Arguments of the environment that a policy was trained in; None if it does not tell.

    Raises:
        InputError: If it is a bundle that is not whole, or there is none.
    """
    if is_foreign(source):
        return None
    return dict(read_bundle_manifest(policy_folder(source)).metadata.environment_kwargs)


def training_site(
    source: PolicySource | None, exercise: str, catalog: Catalog | None = None
) -> str:
    """Site of the hands in training; where none is told, as little as the exercise allows.

    Raises:
        InputError: If the policy is a bundle that is not whole.
    """
    least = (catalog or Catalog.shipped()).load(ExerciseSpec, exercise).supports[-1]
    arguments = None if source is None else training_arguments(source)
    return str((arguments or {}).get("support", least))


def load_policies(
    folder: Path,
    seed: int | None,
    infant: Mapping[str, Any],
    exercises: Iterable[str],
    catalog: Catalog | None = None,
) -> dict[str, Controller]:
    """One trained policy for each exercise that has one.

    Args:
        folder: Holds the policies, see :func:`policies_in`.
        seed: Seed of the policies; exercises without a policy of it are left out. None for the
            lowest that there is.
        infant: Fields of :class:`dmi_sim.env.config.EnvConfig` that say who it is.
        exercises: Exercises wanted.
        catalog: Catalog with the exercises; that of this installation by default.

    Raises:
        InputError: If there is no such folder, or a policy does not fit.
    """
    found = policies_in(folder, catalog)
    by_seed = {name: found[name] for name in exercises if name in found}
    chosen = {name: min(paths) if seed is None else seed for name, paths in by_seed.items()}
    return {
        name: load_policy_for(infant, paths[chosen[name]], name, catalog)
        for name, paths in by_seed.items()
        if chosen[name] in paths
    }


def load_policy_for(
    infant: Mapping[str, Any],
    source: PolicySource,
    exercise: str,
    catalog: Catalog | None = None,
    *,
    allow_other_exercise: bool = False,
) -> Controller:
    """A policy, if it fits an infant in an exercise.

    Args:
        infant: Fields of :class:`dmi_sim.env.config.EnvConfig` that say who it is.
        source: What :func:`load_policy` takes for an environment.
        exercise: Name of a file in ``envs/``.
        catalog: Catalog with the exercises; that of this installation by default.
        allow_other_exercise: Whether a policy of ours may act in one that it never practised.

    Raises:
        InputError: If it cannot be loaded, was trained in something else, or there is no such
            infant.
    """
    arguments = {"support": training_site(source, exercise, catalog), **infant}
    with closing(make_environment(environment_id(exercise), arguments)) as env:
        return load_policy(source, env=env, allow_other_exercise=allow_other_exercise)


@contextmanager
def open_bundle(
    folder: Path,
    settings: Mapping[str, Setting] | None = None,
    exercise: str | None = None,
    *,
    allow_other_exercise: bool = False,
) -> Generator[tuple[Env, NumpyPolicy]]:
    """A trained policy in the environment that it was trained in, or in a variant of that.

    Args:
        folder: A policy bundle.
        settings: Arguments of the environment that differ from those in training.
        exercise: Exercise in which it is to act; the one that it was trained in by default.
        allow_other_exercise: Whether that may be one that it never practised.

    Yields:
        The environment, closed in the end, and the policy.

    Raises:
        InputError: If the bundle is not whole or does not fit the environment.
    """
    metadata = read_bundle_manifest(folder).metadata
    acted_in = environment_id(exercise) if exercise else metadata.environment_id
    kept = dict(metadata.environment_kwargs)
    if acted_in != metadata.environment_id:
        kept.pop("support", None)  # another exercise has sites of its own
    with closing(make_environment(acted_in, {**kept, **(settings or {})})) as env:
        yield env, load_bundle(folder, env, allow_other_exercise=allow_other_exercise)


@contextmanager
def open_controller(
    source: PolicySource,
    settings: Mapping[str, Setting] | None = None,
    exercise: str | None = None,
    *,
    allow_other_exercise: bool = False,
) -> Generator[tuple[Env, Controller]]:
    """A policy of ours, or a controller from elsewhere, in an environment.

    Args:
        source: Name or folder of a policy as :func:`load_policy` takes it, or what
            :func:`dmi_sim.training.foreign.load_foreign` takes.
        settings: Arguments of the environment that differ from those in training, if any.
        exercise: Exercise in which it is to act; the one that it was trained in by default.
        allow_other_exercise: Whether a policy of ours may act in one that it never practised.

    Yields:
        The environment, closed in the end, and the controller.

    Raises:
        InputError: If it cannot be loaded, does not fit, or nobody says in which exercise.
    """
    if not is_foreign(source):
        folder, allowed = policy_folder(source), allow_other_exercise
        with open_bundle(folder, settings, exercise, allow_other_exercise=allowed) as opened:
            yield opened
        return
    if exercise is None:
        raise InputError(f"{source}: say in which environment, as --environment DMI/Sitting-v1")
    with closing(make_environment(environment_id(exercise), settings or {})) as env:
        yield env, load_foreign(source, env)


@contextmanager
def open_for_assessment(
    source: PolicySource | None,
    exercise: str,
    settings: Mapping[str, Setting],
    *,
    allow_other_exercise: bool = False,
) -> Generator[tuple[PostureEnv, Controller | None]]:
    """A controller in the exercise of an assessment.

    Args:
        source: What :func:`open_controller` takes; None for reflexes only.
        exercise: Exercise in which the assessment is done; in the version that was practised.
        settings: Arguments of the environment that differ from those in training.
        allow_other_exercise: Whether a policy of ours may be one of another exercise.

    Yields:
        The environment, closed in the end, and the controller; None for reflexes only.

    Raises:
        InputError: If it cannot be loaded or was trained in another exercise.
    """
    exercise = version_for(source, exercise)
    if source is None:
        with closing(make_environment(environment_id(exercise), settings)) as env:
            yield exercise_of(env, exercise), None
        return
    allowed = allow_other_exercise
    with open_controller(source, settings, exercise, allow_other_exercise=allowed) as opened:
        yield exercise_of(opened[0], exercise), opened[1]


def exercise_of(env: Env, exercise: str) -> PostureEnv:
    """The environment inside its wrappers, if its exercise is that of an assessment.

    Either version of the exercise will do.

    Raises:
        InputError: If its exercise is another one, or it is no :class:`PostureEnv`.
    """
    inner = env.unwrapped
    found = inner.build.config.exercise if isinstance(inner, PostureEnv) else type(inner).__name__
    if not isinstance(inner, PostureEnv) or found not in (exercise, old_version(exercise)):
        raise InputError(f"exercise: {found}; this assessment is done in {exercise}")
    inner.leaves_time_to_gymnasium = False  # the wrapper that kept the time is left outside
    return inner
