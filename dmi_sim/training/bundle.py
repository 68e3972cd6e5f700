"""A trained policy on disk: a folder with ``policy.zip`` and ``bundle.json``.

``policy.zip`` holds arrays and JSON, no pickle: loading a bundle runs no code from it. Even so a
policy decides what a simulated infant does, so take bundles from people you trust.
``bundle.json`` is written last and holds the hashes of the other files and of itself, so a bundle
is whole or refused.
"""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import JsonValue, NonNegativeFloat, NonNegativeInt, ValidationError

from dmi_sim.catalog.messages import explain
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.files import write_bytes, write_text
from dmi_sim.names import (
    environment_id,
    exercises,
    is_old,
    old_exercises,
    old_version,
    version_practised,
)
from dmi_sim.provenance import sha256
from dmi_sim.rollout.environment import Env
from dmi_sim.rollout.environment import environment_id as id_of
from dmi_sim.spec.base import Strict
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.interface import (
    PolicyInterface,
    PractisedExercise,
    policy_interface,
    practised_exercise,
)
from dmi_sim.training.policy import NumpyPolicy, policy_from_bytes
from dmi_sim.training.versions import refuse_other_version, versions

Setting: TypeAlias = str | int | float | bool | dict[str, JsonValue] | None
"""A value of an argument of an environment; it goes through JSON unchanged."""

MANIFEST, POLICY = "bundle.json", "policy.zip"
POLICY_FOLDER = "policy"
"""Folder of the bundle in that of a training."""

NEVER_PRACTISED = "never practised"
"""Words of the warning that a policy acts in an exercise that it never practised."""


class Ancestor(Strict):
    """A policy that a training began with, or was taught by."""

    policy_sha256: str
    """Hash of its ``policy.zip``."""
    training_steps: NonNegativeInt
    """Control steps that it had been trained, with those of the policy that it began with."""
    dose_h: NonNegativeFloat
    """Simulated time of that training [h]."""


class PolicyMetadata(Strict):
    """The history of a policy: its environment, training and scores."""

    environment_id: str
    """Gymnasium id of the environment that it was trained in, such as ``DMI/Sitting-v1``."""
    environment_kwargs: dict[str, Setting]
    """Arguments of that environment."""
    interface: PolicyInterface
    """Interface of the environments that it can act in."""
    exercises: tuple[PractisedExercise, ...]
    """Exercises that it practised, those of the policy that it began with too."""
    seed: NonNegativeInt
    """Seed of its trainer."""
    training_steps: NonNegativeInt
    """Control steps of training."""
    dose_h: NonNegativeFloat
    """Simulated training time [h]."""
    training: TrainingSpec | None = None
    """Settings of its learner; None if they were not kept."""
    learner: LearnerSpec | None = None
    """Settings of another learner than PPO."""
    began_with: Ancestor | None = None
    """Policy that its training began with; None if it began with an untrained one."""
    taught_by: dict[str, Ancestor] = {}
    """Policies that taught it, by the exercise that each taught."""
    scores: dict[str, float] = {}
    """Results of tests after training, by name; of a curriculum the means over its exercises."""
    exercise_dose_h: dict[str, float] = {}
    """Simulated training time in each exercise of a curriculum [h]."""
    exercise_scores: dict[str, dict[str, float]] = {}
    """Results of tests after training in each exercise of a curriculum, by name."""


class BundleManifest(Strict):
    """``bundle.json``."""

    format: Literal[3] = 3
    metadata: PolicyMetadata
    versions: dict[str, str]
    """Packages that made it."""
    files_sha256: dict[str, str]
    """Hash of each other file of the bundle."""
    content_sha256: str
    """Hash of all of the above."""


def save_bundle(
    folder: Path,
    policy: NumpyPolicy,
    metadata: PolicyMetadata,
    beside: Mapping[str, bytes] | None = None,
) -> BundleManifest:
    """Write a bundle; one that is there is replaced.

    Args:
        folder: Folder of the bundle, made if needed.
        policy: Policy to save, such as ``trainer.policy``.
        metadata: Its history, such as ``trainer.metadata(kwargs)``.
        beside: Further files of the bundle, by name.

    Returns:
        The content of ``bundle.json``.
    """
    files = {POLICY: policy.to_bytes(), **(beside or {})}
    manifest = _manifest(metadata, files)
    (folder / MANIFEST).unlink(missing_ok=True)
    for name, data in files.items():
        write_bytes(folder / name, data)
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=2) + "\n")
    return manifest


def add_scores(folder: Path, scores: Mapping[str, float]) -> BundleManifest:
    """Write further scores into the manifest of a bundle; its other files stay as they are.

    Args:
        folder: Folder of the bundle.
        scores: Results of tests, by name; they replace those of the same names.

    Returns:
        The new content of ``bundle.json``.

    Raises:
        InputError: If the bundle is not whole, or not of this version.
    """
    manifest = read_bundle_manifest(folder)
    metadata = manifest.metadata
    told = metadata.model_copy(update={"scores": metadata.scores | dict(scores)})
    signed = _signed(manifest.model_copy(update={"metadata": told}))
    write_text(folder / MANIFEST, signed.model_dump_json(indent=2) + "\n")
    return signed


def _manifest(metadata: PolicyMetadata, files: Mapping[str, bytes]) -> BundleManifest:
    told: dict[str, Any] = {
        "metadata": metadata,
        "versions": versions(),
        "files_sha256": {name: sha256(data) for name, data in files.items()},
    }
    return _signed(BundleManifest(**told, content_sha256=""))


def _signed(manifest: BundleManifest) -> BundleManifest:
    content = content_sha256(manifest.model_dump_json().encode())
    return manifest.model_copy(update={"content_sha256": content})


def content_sha256(manifest: bytes) -> str:
    """Hash of all that ``bundle.json`` says but this hash, however it is written down.

    Args:
        manifest: The bytes of ``bundle.json``; what a later version adds does not matter.
    """
    content = {**json.loads(manifest), "content_sha256": ""}
    return sha256(json.dumps(content, sort_keys=True).encode())


def read_bundle_manifest(folder: Path) -> BundleManifest:
    """The manifest of a bundle.

    Raises:
        InputError: If there is none, none that this version understands, or a damaged one.
    """
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{folder}: not a whole policy bundle: {MANIFEST}: {error.strerror}{_nearest(folder)}"
        ) from error
    _refuse_other_format(path, data)
    try:
        manifest = BundleManifest.model_validate_json(data)
    except ValidationError as error:
        raise InputError(*(f"{path}: {line}" for line in explain(BundleManifest, error))) from error
    if manifest.content_sha256 != content_sha256(data):
        raise InputError(f"{path}: changed: its content is not that of its content_sha256")
    refuse_other_version(path, manifest.versions.get("dmi-sim", ""))
    metadata = manifest.metadata
    renamed = {"exercises": tuple(_under_todays_name(one) for one in metadata.exercises)}
    return manifest.model_copy(update={"metadata": metadata.model_copy(update=renamed)})


def _under_todays_name(practised: PractisedExercise) -> PractisedExercise:
    """An exercise of version 0 under the name that its file has now; any other as it is."""
    old = old_version(practised.name)
    moved = old in old_exercises() and practised.name in exercises()
    if "repertoire" in practised.felt or not moved or is_old(practised.name):
        return practised
    return practised.model_copy(update={"name": old})


def _refuse_other_format(path: Path, data: bytes) -> None:
    """Refuse a bundle of an older or newer format in one line, not in one for every field."""
    try:
        content = json.loads(data)
    except ValueError:
        return  # what is wrong with the JSON is said by pydantic
    found = content.get("format") if isinstance(content, dict) else None
    if found != 3:
        raise InputError(
            f"{path}: format {found}, this version reads format 3; "
            "docs/moving-from-0.1.md says how to move a bundle"
        )


def _nearest(folder: Path) -> str:
    """A hint at the bundles beside a folder that is not there."""
    beside = {path.parent.name for path in folder.parent.glob(f"*/{MANIFEST}")}
    return f"; {did_you_mean(folder.name, beside)}" if beside and not folder.exists() else ""


def ancestor(folder: Path) -> Ancestor:
    """What the history of a policy tells of another one that it comes from.

    Raises:
        InputError: If the bundle of that one is not whole.
    """
    manifest = read_bundle_manifest(folder)
    itself, before = manifest.metadata, manifest.metadata.began_with
    return Ancestor(
        policy_sha256=manifest.files_sha256[POLICY],
        training_steps=itself.training_steps + (before.training_steps if before else 0),
        dose_h=itself.dose_h + (before.dose_h if before else 0.0),
    )


def load_bundle(folder: Path, env: Env, *, allow_other_exercise: bool = False) -> NumpyPolicy:
    """The policy of a bundle, if it fits an environment.

    Arguments of the environment may differ from those in training (other hands, other age) as
    long as the policy sees and moves the same things, in an exercise that it practised.

    Args:
        folder: Folder of the bundle.
        env: Environment in which the policy is to act.
        allow_other_exercise: Whether it may act in an exercise that it never practised; what it
            sees and moves must be the same all the same. In exercises of the repertoire that it
            practised with it may in any case, with a warning.

    Raises:
        InputError: If the bundle is not whole, was made by another major version, or does not fit;
            each difference is named.
    """
    metadata = require_fit(folder, env, allow_other_exercise=allow_other_exercise)
    unknown = never_practised(metadata, env)
    if unknown and not allow_other_exercise:
        warnings.warn(f"{folder.name}: {unknown}", stacklevel=3)
    return read_policy(folder)


def require_fit(folder: Path, env: Env, *, allow_other_exercise: bool = False) -> PolicyMetadata:
    """The history of a policy that fits an environment, see :func:`load_bundle`.

    Raises:
        InputError: If the bundle is not whole, was made by another major version, or does not fit.
    """
    metadata = read_bundle_manifest(folder).metadata
    differences = misfits(metadata, env, allow_other_exercise=allow_other_exercise)
    if differences:
        raise InputError(*(f"{folder / MANIFEST}: {line}" for line in differences))
    return metadata


def never_practised(metadata: PolicyMetadata, env: Env) -> str | None:
    """That a policy never practised the exercise of an environment, in words; None if it did.

    Args:
        metadata: Its history.
        env: Environment in which it is to act; in one of all exercises that of the episode.
    """
    here = practised_exercise(env).name
    if id_of(env) == metadata.environment_id or here in (one.name for one in metadata.exercises):
        return None
    practised = ", ".join(one.name for one in metadata.exercises)
    return f"{NEVER_PRACTISED} {here}; it practised {practised}"


def misfits(
    metadata: PolicyMetadata, env: Env, *, allow_other_exercise: bool = False
) -> tuple[str, ...]:
    """Why a policy does not belong into an environment, one line each; empty if it does.

    Args:
        metadata: Its history.
        env: Environment in which it is to act.
        allow_other_exercise: Whether to pass over differences of the exercise.
    """
    here = practised_exercise(env)
    practised = [one.name for one in metadata.exercises]
    if version_practised(here.name, practised) != here.name:
        return (_way_on(here.name),)  # all else differs too, and helps nobody
    lines = metadata.interface.differences(policy_interface(env))
    exercise = _exercise_misfits(metadata.exercises, here)
    if lines:
        return (*(line for line in exercise if line.startswith("exercise: ")), *lines)
    if allow_other_exercise or not exercise:
        return ()
    hint = "it sees and moves the same here: --allow-other-exercise uses it all the same"
    return (*exercise, hint)


def _exercise_misfits(
    practised: tuple[PractisedExercise, ...], here: PractisedExercise
) -> tuple[str, ...]:
    by_name = {one.name: one for one in practised}
    if here.name in by_name:
        return by_name[here.name].differences(here)
    if here.repertoire is not None and here.repertoire in (one.repertoire for one in practised):
        return ()
    return (f"exercise: practised {', '.join(by_name)}, not {here.name}",)


def _way_on(exercise: str) -> str:
    there, here = environment_id(old_version(exercise)), environment_id(exercise)
    return (
        f"exercise: practised {exercise} of version 0: let it act in {there}, or train anew in "
        f"{here}, which docs/moving-from-0.1.md tells of"
    )


def read_policy(folder: Path) -> NumpyPolicy:
    """The policy of a bundle, whatever environment it is for; see :func:`load_bundle`.

    Raises:
        InputError: If the bundle is not whole or was made by another major version.
    """
    interface = read_bundle_manifest(folder).metadata.interface
    data = read_beside(folder, POLICY)
    try:
        policy = policy_from_bytes(data)
    except InputError as error:
        raise InputError(f"{folder / POLICY}: {error}") from error
    _refuse_other_shapes(folder / POLICY, policy, interface)
    return policy


def read_beside(folder: Path, name: str) -> bytes:
    """A file of a bundle beside its manifest.

    Raises:
        InputError: If it is missing, or not the one that the manifest tells of.
    """
    path, hashes = folder / name, read_bundle_manifest(folder).files_sha256
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    if sha256(data) != hashes.get(name):
        raise InputError(f"{path}: cut off or changed: its hash is not the one in {MANIFEST}")
    return data


def _refuse_other_shapes(path: Path, policy: NumpyPolicy, interface: PolicyInterface) -> None:
    has = (policy.observation_shape, policy.action_shape)
    says = (interface.observation_shape, interface.action_shape)
    if has != says:
        raise InputError(f"{path}: network of shapes {has}, but {MANIFEST} says {says}")
