"""A trained policy on disk: a folder with ``policy.zip`` and ``bundle.json``.

``policy.zip`` holds arrays and JSON, no pickle: loading a bundle runs no code from it. Even so a
policy decides what a simulated infant does, so take bundles from people you trust.
``bundle.json`` is written last and holds the hash of the other file, so a bundle is complete
or refused.
"""

from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import NonNegativeFloat, NonNegativeInt, ValidationError

from dmi_sim import provenance
from dmi_sim.catalog.messages import explain
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.files import write_bytes, write_text
from dmi_sim.provenance import sha256
from dmi_sim.rollout.environment import Env
from dmi_sim.spec.base import Strict
from dmi_sim.training.interface import PolicyInterface, policy_interface
from dmi_sim.training.policy import NumpyPolicy, policy_from_bytes

Setting: TypeAlias = str | int | float | bool | dict[str, str | float] | None
"""A value of an argument of an environment; it goes through JSON unchanged."""

MANIFEST, POLICY = "bundle.json", "policy.zip"

_PACKAGES = ("dmi-sim", "numpy", "gymnasium", "stable-baselines3", "torch")


class PolicyMetadata(Strict):
    """The history of a policy: its environment, training and scores."""

    interface: PolicyInterface
    """Interface of the environments that it can act in."""
    environment_kwargs: dict[str, Setting]
    """Arguments of the environment that it was trained in."""
    seed: NonNegativeInt
    """Seed of its trainer."""
    training_steps: NonNegativeInt
    """Control steps of training."""
    dose_h: NonNegativeFloat
    """Simulated training time [h]."""
    scores: dict[str, float] = {}
    """Results of tests after training, by name."""


class BundleManifest(Strict):
    """``bundle.json``."""

    format: Literal[2] = 2
    metadata: PolicyMetadata
    versions: dict[str, str]
    """Packages that made it."""
    policy_sha256: str
    """Hash of ``policy.zip``."""


def save_bundle(folder: Path, policy: NumpyPolicy, metadata: PolicyMetadata) -> BundleManifest:
    """Write a bundle; one that is there is replaced.

    Args:
        folder: Folder of the bundle, made if needed.
        policy: Policy to save, such as ``trainer.policy``.
        metadata: Its history, such as ``trainer.metadata(kwargs)``.

    Returns:
        The content of ``bundle.json``.
    """
    data = policy.to_bytes()
    manifest = BundleManifest(metadata=metadata, versions=versions(), policy_sha256=sha256(data))
    (folder / MANIFEST).unlink(missing_ok=True)
    write_bytes(folder / POLICY, data)
    write_text(folder / MANIFEST, manifest.model_dump_json(indent=2) + "\n")
    return manifest


def read_bundle_manifest(folder: Path) -> BundleManifest:
    """The manifest of a bundle.

    Raises:
        InputError: If there is none, or none that this version understands.
    """
    path = folder / MANIFEST
    try:
        manifest = BundleManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(
            f"{folder}: not a whole policy bundle: {MANIFEST}: {error.strerror}{_nearest(folder)}"
        ) from error
    except ValidationError as error:
        raise InputError(*(f"{path}: {line}" for line in explain(BundleManifest, error))) from error
    _refuse_other_version(path, manifest.versions.get("dmi-sim", ""))
    return manifest


def _nearest(folder: Path) -> str:
    """A hint at the bundles beside a folder that is not there."""
    beside = {path.parent.name for path in folder.parent.glob(f"*/{MANIFEST}")}
    return f"; {did_you_mean(folder.name, beside)}" if beside and not folder.exists() else ""


def load_bundle(folder: Path, env: Env) -> NumpyPolicy:
    """The policy of a bundle, if it fits an environment.

    Arguments of the environment may differ from those in training (other hands, other age) as
    long as the policy sees and moves the same things.

    Args:
        folder: Folder of the bundle.
        env: Environment in which the policy is to act.

    Raises:
        InputError: If the bundle is not whole, was made by another major version, or expects
            other observations, actions, control rate or environment.
    """
    manifest = read_bundle_manifest(folder)
    differences = manifest.metadata.interface.differences(policy_interface(env))
    if differences:
        raise InputError(*(f"{folder / MANIFEST}: {line}" for line in differences))
    return read_policy(folder)


def read_policy(folder: Path) -> NumpyPolicy:
    """The policy of a bundle, whatever environment it is for; see :func:`load_bundle`.

    Raises:
        InputError: If the bundle is not whole or was made by another major version.
    """
    manifest = read_bundle_manifest(folder)
    policy = _read_policy(folder / POLICY, manifest.policy_sha256)
    _refuse_other_shapes(folder / POLICY, policy, manifest.metadata.interface)
    return policy


def versions() -> dict[str, str]:
    """Versions of the packages that decide what a policy learns; empty for a missing one."""
    return provenance.versions(_PACKAGES, missing="")


def _refuse_other_version(path: Path, made: str) -> None:
    here = provenance.version("dmi-sim")
    if made and here and _major(made) != _major(here):
        raise InputError(f"{path}: made by dmi-sim {made}, this is {here}; train the policy anew")


def _major(version: str) -> tuple[str, ...]:
    """The numbers of a version that must agree: the first, and before 1.0 the second too.

    >>> _major("0.2.5"), _major("1.4.0")
    (('0', '2'), ('1',))
    """
    first, second, *_ = [*version.split("."), ""]
    return (first, second) if first == "0" else (first,)


def _read_policy(path: Path, expected_sha256: str) -> NumpyPolicy:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    if sha256(data) != expected_sha256:
        raise InputError(f"{path}: cut off or changed: its hash is not the one in {MANIFEST}")
    try:
        return policy_from_bytes(data)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _refuse_other_shapes(path: Path, policy: NumpyPolicy, interface: PolicyInterface) -> None:
    has = (policy.observation_shape, policy.action_shape)
    says = (interface.observation_shape, interface.action_shape)
    if has != says:
        raise InputError(f"{path}: network of shapes {has}, but {MANIFEST} says {says}")
