"""One policy in training, which can stop at any chunk and go on as if it never had."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Self

from dmi_sim.env.support_curriculum import (
    SupportProgress,
    support_of,
    with_support_curriculum,
)
from dmi_sim.env.support_schedule import ScheduledSupport
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env, control_hz, environment_id
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import PolicyMetadata, Setting
from dmi_sim.training.checkpoints import (
    TrainerState,
    TrainingRow,
    checkpoints,
    newest_checkpoint,
    write_checkpoint,
)
from dmi_sim.training.interface import policy_interface, practised_exercise
from dmi_sim.training.monitor import TrainingStatistics
from dmi_sim.training.policy import NumpyPolicy, policy_from_torch
from dmi_sim.training.ppo import build_ppo, make_vec_env, reset_and_seed


class Trainer:
    """A policy that is trained in chunks of ``training.chunk_steps`` control steps.

    At the start of each chunk all environments are reset and every random generator (also the
    global ones of ``random``, numpy and torch) is seeded from the seed and the steps so far. So a
    training that is saved and resumed ends with exactly the parameters of one that never stopped,
    and several trainings in one process do not disturb each other.

    Make one with :meth:`start` or :meth:`resume`.
    """

    def __init__(
        self, make_env: Callable[[], Env], training: TrainingSpec, seed: int, folder: Path | None
    ) -> None:
        self._statistics = TrainingStatistics()
        self._progress = SupportProgress()
        make_held = partial(_make_held, make_env, training.total_steps, self._progress)
        self._envs = make_vec_env(make_held, training.n_envs, self._statistics)
        env = self._envs.envs[0]
        self._environment_id = environment_id(env)
        self._interface, self._exercise = policy_interface(env), practised_exercise(env)
        self._ppo = build_ppo(self._envs, training, seed)
        self._training = training
        self._seed = seed
        self._folder = folder
        self._rows: list[TrainingRow] = []

    @classmethod
    def start(
        cls,
        make_env: Callable[[], Env],
        training: TrainingSpec,
        seed: int,
        folder: Path | None = None,
    ) -> Self:
        """An untrained policy.

        Args:
            make_env: Makes a new environment at each call.
            training: Settings of the learner.
            seed: Seed of everything random: weights, exploration, starts; not negative.
            folder: Folder for checkpoints; None if :meth:`save` is never called.

        Raises:
            InputError: If the folder already holds a training, or the seed is negative.
        """
        if seed < 0:
            raise InputError(f"seed = {seed} must not be negative")
        if folder is not None and checkpoints(folder):
            raise InputError(f"{folder}: holds a training already; resume it or name a new folder")
        return cls(make_env, training, seed, folder)

    @classmethod
    def resume(cls, folder: Path, make_env: Callable[[], Env]) -> Self:
        """The training saved last in a folder; if that file is damaged, the one before.

        Args:
            folder: Folder of the trainer.
            make_env: Makes the same environment as when it was started.

        Raises:
            InputError: If there is no readable checkpoint, or the environment does not fit.
        """
        saved = newest_checkpoint(folder)
        state = saved.state
        trainer = cls(make_env, state.training, state.seed, folder)
        trainer._refuse_other(folder, state)
        saved.restore(trainer._ppo)
        trainer._rows.extend(state.training_rows)
        trainer._progress.state = state.support
        return trainer

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

    def save(self) -> Path:
        """Write a checkpoint.

        Returns:
            Its file; the newest few are kept.

        Raises:
            RuntimeError: If there is no folder, or training was interrupted inside a chunk.
        """
        if self._folder is None:
            raise RuntimeError("this training was started without a folder to save in")
        if self._ppo.num_timesteps != self.steps:
            raise RuntimeError("interrupted inside a chunk; resume from the last checkpoint")
        return write_checkpoint(self._folder, self._ppo, self._state())

    def close(self) -> None:
        """Close the environments."""
        self._envs.close()

    @property
    def steps(self) -> int:
        """Control steps trained, all environments together; a multiple of the chunk."""
        return self._rows[-1]["steps"] if self._rows else 0

    @property
    def dose_h(self) -> float:
        """Simulated training time so far [h], summed over the environments."""
        return self.steps / self._interface.control_hz / 3600

    @property
    def support(self) -> ScheduledSupport:
        """Site and strength of the hands at the beginning of the next episode of training."""
        return support_of(self._envs.envs[0], self._progress.state)

    @property
    def policy(self) -> NumpyPolicy:
        """A copy of the present policy; later training does not change it."""
        return policy_from_torch(self._ppo.policy, self._training.activation)

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
            exercises=(self._exercise,),
            training=self._training,
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
        reset_and_seed(self._ppo, self._seed)
        never = self._training.chunk_rollouts + 1
        self._ppo.learn(self._training.chunk_steps, log_interval=never, reset_num_timesteps=False)
        self._rows.append(self._row(time.perf_counter() - began))

    def _row(self, wall_s: float) -> TrainingRow:
        sums, hz = self._statistics, self._interface.control_hz
        steps = self._ppo.num_timesteps
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

    def _state(self) -> TrainerState:
        return TrainerState(
            seed=self._seed,
            steps=self.steps,
            training=self._training,
            interface=self._interface,
            exercise=self._exercise,
            training_rows=self.training_rows,
            support=self._progress.state,
        )

    def _refuse_other(self, folder: Path, saved: TrainerState) -> None:
        differences = (
            *saved.interface.differences(self._interface),
            *saved.exercise.differences(self._exercise),
        )
        if differences:
            self.close()
            raise InputError(*(f"{folder}: {line}" for line in differences))


def _make_held(make_env: Callable[[], Env], total_steps: int, progress: SupportProgress) -> Env:
    """A new environment in whose episodes hands do what its schedule says at this progress."""
    env = make_env()
    return with_support_curriculum(env, progress, total_steps / control_hz(env) / 3600)
