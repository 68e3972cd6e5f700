"""One policy in training, which can stop at any chunk and go on as if it never had."""

import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from dmi_sim.env.support_curriculum import held_options, support_of
from dmi_sim.env.support_schedule import ScheduledSupport
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import environment_id
from dmi_sim.spec.support_schedule import SupportSchedule
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.bundle import (
    Ancestor,
    PolicyMetadata,
    Setting,
    ancestor,
    read_bundle_manifest,
    read_policy,
    require_fit,
)
from dmi_sim.training.by_exercise import ReturnScales
from dmi_sim.training.checkpoints import (
    TrainerState,
    TrainingRow,
    checkpoints,
    newest_checkpoint,
    write_checkpoint,
)
from dmi_sim.training.interface import PractisedExercise, policy_interface, practised_exercise
from dmi_sim.training.monitor import TrainingStatistics
from dmi_sim.training.off_policy import build_off_policy
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.ppo import build_ppo, reset_and_seed, vec_env_of
from dmi_sim.training.slots import MakeEnv, SlotGroup, first_of_each, held_makes, slot_groups
from dmi_sim.training.tensorboard import tensorboard_logger
from dmi_sim.training.weights import load_weights, policy_from_sb3

if TYPE_CHECKING:
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.callbacks import BaseCallback


SEVERAL = "several"
"""Stands for the site of hands where slots are in different ones."""


class Trainer:
    """A policy that is trained in chunks of ``training.chunk_steps`` control steps.

    At the start of each chunk all environments are reset and every random generator (also the
    global ones of ``random``, numpy and torch) is seeded from the seed and the steps so far. So a
    training that is saved and resumed ends with exactly the parameters of one that never stopped,
    and several trainings in one process do not disturb each other.

    Make one with :meth:`start` or :meth:`resume`.
    """

    def __init__(
        self,
        make_env: MakeEnv | Sequence[SlotGroup],
        training: TrainingSpec,
        seed: int,
        folder: Path | None,
        learner: LearnerSpec | None = None,
        teachers: Mapping[str, Path] | None = None,
    ) -> None:
        self._statistics = TrainingStatistics()
        self._groups = slot_groups(make_env, training.n_envs)
        self._envs = vec_env_of([*held_makes(self._groups, training)], self._statistics)
        self._firsts = first_of_each(self._groups, self._envs.envs)
        self._environment_id = environment_id(self._firsts[0])
        self._interface = policy_interface(self._firsts[0])
        self._practises = _different(practised_exercise(env) for env in self._firsts)
        self._exercises = self._practises
        self._began_with: Ancestor | None = None
        self._taught_by = {name: ancestor(path) for name, path in (teachers or {}).items()}
        self._model: BaseAlgorithm = (
            build_ppo(self._envs, training, seed, teachers)
            if learner is None
            else build_off_policy(self._envs, training, learner, seed)
        )
        if training.exercises_count_alike:
            self._envs.return_scales = self._new_scales(training.gamma)
        self._training, self._learner = training, learner
        self._seed = seed
        self._folder = folder
        self._rows: list[TrainingRow] = []
        self._callback: BaseCallback | None = None
        self._log_interval: int | None = None

    @classmethod
    def start(
        cls,
        make_env: MakeEnv | Sequence[SlotGroup],
        training: TrainingSpec,
        seed: int,
        folder: Path | None = None,
        *,
        learner: LearnerSpec | None = None,
        begin_with: Path | None = None,
        allow_other_exercise: bool = False,
        teachers: Mapping[str, Path] | None = None,
    ) -> Self:
        """An untrained policy, or one that goes on from another.

        Args:
            make_env: Makes a new environment at each call; or groups of slots, as many slots
                together as the training has environments.
            training: Settings of the learner.
            seed: Seed of everything random: weights, exploration, starts; not negative.
            folder: Folder for checkpoints; None if :meth:`save` is never called.
            learner: Settings of another learner than PPO.
            begin_with: Bundle of the policy to begin with.
            allow_other_exercise: Whether that policy may be one of another exercise; what it sees
                and moves must be the same all the same.
            teachers: Bundle of the teacher of each exercise that has one, by its name.

        Raises:
            InputError: If the folder already holds a training, the seed is negative, or the policy
                to begin with or a teacher does not fit.
        """
        if seed < 0:
            raise InputError(f"seed = {seed} must not be negative")
        if folder is not None and checkpoints(folder):
            raise InputError(f"{folder}: holds a training already; resume it or name a new folder")
        if teachers and learner is not None:
            raise InputError("teachers: SAC and TD3 cannot learn from them; `self_taught` has none")
        trainer = cls(make_env, training, seed, folder, learner, teachers)
        if begin_with is not None:
            trainer._begin_with(begin_with, allow_other_exercise=allow_other_exercise)
        return trainer

    @classmethod
    def resume(
        cls,
        folder: Path,
        make_env: MakeEnv | Sequence[SlotGroup],
        teachers: Mapping[str, Path] | None = None,
    ) -> Self:
        """The training saved last in a folder; if that file is damaged, the one before.

        Args:
            folder: Folder of the trainer.
            make_env: Makes the same environments as when it was started.
            teachers: The same teachers.

        Raises:
            InputError: If there is no readable checkpoint, or the environment does not fit.
        """
        saved = newest_checkpoint(folder)
        state = saved.state
        trainer = cls(make_env, state.training, state.seed, folder, state.learner, teachers)
        trainer._refuse_other(folder, state)
        saved.restore(trainer._model)
        trainer._exercises, trainer._began_with = state.exercises, state.began_with
        trainer._rows.extend(state.training_rows)
        supports = (state.support, *state.further_supports)
        for group, support in zip(trainer._groups, supports, strict=True):
            group.progress.state = support
        scales = trainer._envs.return_scales
        if scales is not None:
            scales.restore(state.return_scales or {})
        return trainer

    def watch(
        self, callback: "BaseCallback | None" = None, tensorboard: Path | None = None
    ) -> None:
        """Let others look on: they get every ``info``, and what stable-baselines3 logs.

        Args:
            callback: Callback of stable-baselines3; its ``CallbackList`` holds several.
            tensorboard: Folder for TensorBoard.

        Raises:
            InputError: If TensorBoard is asked for and is not installed.
        """
        self._callback, self._log_interval = callback, 1
        self._statistics.passes_info = True
        if tensorboard is not None:
            self._model.set_logger(tensorboard_logger(tensorboard))

    def train_until(self, until_steps: int) -> None:
        """Train in whole chunks until at least so many control steps are done.

        Args:
            until_steps: Control steps to reach, counted from the very start, all environments
                together.

        Raises:
            Exception: Whatever an environment raises, with a note of where it happened.
        """
        while self.steps < until_steps:
            self._train_chunk()

    def practise(self, groups: Sequence[SlotGroup]) -> None:
        """Practise the same with other numbers of slots from the next chunk on.

        What is learnt stays, and so does how far the infant has come on support schedules.

        Args:
            groups: The same groups in the same order, as many slots together as before.
        """
        for old, new in zip(self._groups, groups, strict=True):
            new.progress.state = old.progress.state
        self._envs.close()
        self._groups = tuple(groups)
        scales = self._envs.return_scales
        self._envs = vec_env_of([*held_makes(self._groups, self._training)], self._statistics)
        self._firsts = first_of_each(self._groups, self._envs.envs)
        if scales is not None:
            self._envs.return_scales = self._new_scales(self._training.gamma)
            self._envs.return_scales.restore(scales.state)
        self._model.set_env(self._envs)

    def save(self) -> Path:
        """Write a checkpoint.

        Returns:
            Its file; the newest few are kept.

        Raises:
            RuntimeError: If there is no folder, or training was interrupted inside a chunk.
        """
        if self._folder is None:
            raise RuntimeError("this training was started without a folder to save in")
        if self._model.num_timesteps != self.steps:
            raise RuntimeError("interrupted inside a chunk; resume from the last checkpoint")
        return write_checkpoint(self._folder, self._model, self._state())

    def close(self) -> None:
        """Close the environments."""
        self._envs.close()

    @property
    def steps(self) -> int:
        """Control steps trained, all environments together; a multiple of the chunk."""
        return self._rows[-1]["steps"] if self._rows else 0

    @property
    def slots(self) -> tuple[int, ...]:
        """Number of slots of each group."""
        return tuple(len(group.makes) for group in self._groups)

    @property
    def dose_h(self) -> float:
        """Simulated training time so far [h], summed over the environments."""
        return self.steps / self._interface.control_hz / 3600

    @property
    def support(self) -> ScheduledSupport:
        """Site and strength of the hands at the beginning of the next episode of training.

        Where slots are in different hands the site is ``several``, and the strength the mean.
        """
        held = [
            support_of(env, group.progress.state)
            for env, group in zip(self._firsts, self._groups, strict=True)
        ]
        if len(set(held)) == 1:
            return held[0]
        slots = [len(group.makes) for group in self._groups]
        strength = float(np.average([one.firmness for one in held], weights=slots))
        return ScheduledSupport(SEVERAL, strength)

    @property
    def model(self) -> "BaseAlgorithm":
        """The learner, a model of stable-baselines3."""
        return self._model

    @property
    def support_options(self) -> dict[str, SupportSchedule]:
        """Options of a reset with which the hands are those of the next episode of training.

        Where slots are in different hands they are those of the first slot.
        """
        return held_options(self._firsts[0], self._groups[0].progress.state)

    @property
    def policy(self) -> NumpyPolicy:
        """A copy of the present policy; later training does not change it."""
        return policy_from_sb3(self._model)

    def metadata(
        self, environment_kwargs: Mapping[str, Setting], scores: Mapping[str, float] | None = None
    ) -> PolicyMetadata:
        """The history of the present policy, for its bundle.

        Args:
            environment_kwargs: Arguments of the environment that it is trained in.
            scores: Results of tests, by name.
        """
        return PolicyMetadata(
            environment_id=self._environment_id,
            environment_kwargs=dict(environment_kwargs),
            interface=self._interface,
            exercises=self._exercises,
            training=self._training,
            learner=self._learner,
            began_with=self._began_with,
            taught_by=self._taught_by,
            seed=self._seed,
            training_steps=self.steps,
            dose_h=self.dose_h,
            scores=dict(scores or {}),
        )

    @property
    def training_rows(self) -> tuple[TrainingRow, ...]:
        """One row per chunk, oldest first."""
        return tuple(self._rows)

    def _train_chunk(self) -> None:
        began = time.perf_counter()
        self._statistics.clear()
        reset_and_seed(self._model, self._seed)
        self._model.learn(
            self._training.chunk_steps,
            callback=self._callback,
            log_interval=self._log_interval,  # type: ignore[arg-type] - None is never
            reset_num_timesteps=False,
        )
        self._rows.append(self._row(time.perf_counter() - began))

    def _row(self, wall_s: float) -> TrainingRow:
        sums, hz = self._statistics, self._interface.control_hz
        steps = self._model.num_timesteps
        return TrainingRow(
            steps=steps,
            dose_h=steps / hz / 3600,
            episodes=sums.episodes,
            mean_episode_s=sums.steps / hz / sums.episodes,
            mean_reward=sums.reward / sums.steps,
            support_impulse_n_s=sums.support_force_sum_n / hz,
            support_share_mean=sums.support_share_sum / sums.steps,
            support_site=self.support.site,
            support_strength=self.support.firmness,
            wall_s=wall_s,
        )

    def _new_scales(self, gamma: float) -> ReturnScales:
        """Sizes of returns; slots of one exercise share theirs, whatever the hands."""
        names = [practised_exercise(env).name for env in self._firsts]
        slots = [len(group.makes) for group in self._groups]
        return ReturnScales(np.repeat(names, slots).tolist(), gamma)

    def _state(self) -> TrainerState:
        scales = self._envs.return_scales
        return TrainerState(
            seed=self._seed,
            steps=self.steps,
            training=self._training,
            learner=self._learner,
            began_with=self._began_with,
            interface=self._interface,
            exercises=self._exercises,
            training_rows=self.training_rows,
            support=self._groups[0].progress.state,
            further_supports=tuple(group.progress.state for group in self._groups[1:]),
            return_scales=None if scales is None else scales.state,
        )

    def _begin_with(self, bundle: Path, *, allow_other_exercise: bool) -> None:
        """Take over weights, exploration and exercises of a policy."""
        try:
            for env in self._firsts:
                require_fit(bundle, env, allow_other_exercise=allow_other_exercise)
            policy = read_policy(bundle)
            missing = load_weights(self._model.policy, policy)
        except InputError:
            self.close()
            raise
        if missing:
            warnings.warn(f"{bundle} does not hold {' and '.join(missing)}", stacklevel=3)
        before = read_bundle_manifest(bundle).metadata
        self._began_with = ancestor(bundle)
        here = {one.name for one in self._practises}
        earlier = (one for one in before.exercises if one.name not in here)
        self._exercises = (*earlier, *self._practises)

    def _refuse_other(self, folder: Path, saved: TrainerState) -> None:
        practised = saved.exercises[-len(self._practises) :]
        differences = [*saved.interface.differences(self._interface)]
        for before, now in zip_longest(practised, self._practises):
            differences += before.differences(now)
        if differences:
            self.close()
            raise InputError(*(f"{folder}: {line}" for line in differences))


def _different(exercises: Iterable[PractisedExercise]) -> tuple[PractisedExercise, ...]:
    """Exercises without those that stand there already, in their order."""
    return tuple({one.name: one for one in exercises}.values())
