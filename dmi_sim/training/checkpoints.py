"""Checkpoints of a training: one file each, written atomically, checked for damage when read.

A checkpoint holds tensors and JSON only and is read with torch's ``weights_only``, so that loading
one cannot run code.
"""

import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import NonNegativeInt
from typing_extensions import TypedDict

from dmi_sim.env.support_schedule import SupportState
from dmi_sim.errors import InputError
from dmi_sim.files import atomic_write
from dmi_sim.spec.base import Strict
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.bundle import Ancestor
from dmi_sim.training.interface import PolicyInterface, PractisedExercise
from dmi_sim.training.off_policy import memory_of, remember

if TYPE_CHECKING:
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm

KEPT = 3
"""Number of checkpoints that are kept; older ones serve if the newest is damaged."""


class TrainingRow(TypedDict):
    """The statistics of one chunk of training."""

    steps: int
    """Control steps trained so far, this chunk included, all environments together."""
    dose_h: float
    """Simulated training time [h]."""
    episodes: int
    """Episodes begun in this chunk."""
    mean_episode_s: float
    """Mean length of these episodes [s]; one that the chunk cut off counts as far as it went."""
    mean_reward: float
    """Mean reward per control step."""
    support_impulse_n_s: float
    """Impulse of the hands in this chunk, all environments together [N s]."""
    support_share_mean: float
    """Mean share of body weight that the hands carried."""
    support_site: str
    """Site of the hands in the episode after this chunk; ``none`` without hands, ``several`` where
    slots are in different ones."""
    support_strength: float
    """Their strength at its beginning, 0 to 1."""
    wall_s: float
    """Time that the chunk took on this machine [s]."""


class TrainerState(Strict):
    """The state of a training without its tensors."""

    seed: NonNegativeInt
    steps: NonNegativeInt
    training: TrainingSpec
    learner: LearnerSpec | None = None
    """Settings of another learner than PPO."""
    began_with: Ancestor | None = None
    """Policy that the training began with."""
    interface: PolicyInterface
    exercises: tuple[PractisedExercise, ...]
    """Exercises that the policy practised; the last are those of this training."""
    training_rows: tuple[TrainingRow, ...]
    support: SupportState = SupportState()
    """How far the infant has come on its support schedule, that of the first group of slots."""
    further_supports: tuple[SupportState, ...] = ()
    """The same for the other groups."""
    return_scales: dict[str, tuple[float, float]] | None = None
    """Size of the returns of each exercise, where each counts alike, see
    :class:`~dmi_sim.training.by_exercise.ReturnScales`."""


@dataclass(frozen=True)
class Checkpoint:
    """A training as read from disk."""

    state: TrainerState
    parameters: dict[str, Any]
    """States of networks and optimisers, by their names in stable-baselines3."""
    memory: dict[str, Any]
    """What a learner with a memory remembers; empty for PPO."""

    def restore(self, model: "BaseAlgorithm") -> None:
        """Set a new learner to the saved state."""
        model.set_parameters(self.parameters, exact_match=True, device="cpu")
        if self.state.learner is not None:
            remember(cast("OffPolicyAlgorithm", model), self.memory)
        model.num_timesteps = self.state.steps


def write_checkpoint(folder: Path, model: "BaseAlgorithm", state: TrainerState) -> Path:
    """Save a training, and remove all but the newest :data:`KEPT` checkpoints.

    Args:
        folder: Folder of the training; checkpoints go to ``checkpoints/`` in it.
        model: The learner.
        state: Everything but its tensors.

    Returns:
        The file.
    """
    import torch

    path = _checkpoint_folder(folder) / f"steps_{state.steps:012d}.pt"
    path.parent.mkdir(parents=True, exist_ok=True)
    has_memory = state.learner is not None
    memory = memory_of(cast("OffPolicyAlgorithm", model)) if has_memory else {}
    content = {"parameters": model.get_parameters(), "memory": memory}
    with atomic_write(path) as temporary:
        torch.save({**content, "state": state.model_dump_json()}, temporary)
    for old in checkpoints(folder)[:-KEPT]:
        old.unlink()
    return path


def checkpoints(folder: Path) -> list[Path]:
    """Checkpoint files of a training, oldest first."""
    return sorted(_checkpoint_folder(folder).glob("steps_*.pt"))


def newest_checkpoint(folder: Path) -> Checkpoint:
    """The newest checkpoint that can be read; a warning names those that cannot.

    Raises:
        InputError: If there is none.
    """
    problems: list[str] = []
    for path in reversed(checkpoints(folder)):
        try:
            found = read_checkpoint(path)
        except InputError as error:
            problems.append(str(error))
        else:
            _warn_of_damage(problems, path)
            return found
    raise InputError(*problems, f"{_checkpoint_folder(folder)}: no checkpoint to resume from")


def read_checkpoint(path: Path) -> Checkpoint:
    """One checkpoint.

    Raises:
        InputError: If the file is cut off, damaged or something else.
    """
    import pickle

    import torch

    try:
        _check_sums(path)
        content = torch.load(path, map_location="cpu", weights_only=True)
        state = TrainerState.model_validate_json(content["state"])
        return Checkpoint(state, content["parameters"], content["memory"])
    except (OSError, RuntimeError, ValueError, KeyError, zipfile.BadZipFile,
            pickle.UnpicklingError) as error:  # fmt: skip
        raise InputError(f"{path}: damaged checkpoint: {error}") from error


def _check_sums(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        broken = archive.testzip()
    if broken:
        raise ValueError(f"wrong checksum of {broken}")


def _warn_of_damage(problems: Sequence[str], path: Path) -> None:
    if problems:
        message = "; ".join([*problems, f"going on from {path.name} instead"])
        warnings.warn(message, RuntimeWarning, stacklevel=4)


def _checkpoint_folder(folder: Path) -> Path:
    return folder / "checkpoints"
