"""How a policy practises: the section ``training:`` of a file in ``envs/``.

Proximal policy optimisation (PPO): collect ``n_envs * n_steps`` control steps with the present
policy (a rollout), improve the policy on them for ``n_epochs``, repeat. A *step* is one control
step of one infant everywhere, so steps divided by the control rate are practice time.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.spec.base import Strict

Count = Annotated[int, Field(ge=1)]
Fraction = Annotated[float, Field(ge=0, le=1)]


class TrainingSpec(Strict):
    """Settings of PPO; the names are those of stable-baselines3.

    Raises:
        ValueError: If the rollout is not a whole number of batches.
    """

    total_steps: Count = 100_000
    """Control steps of practice in all, summed over the parallel environments."""
    n_envs: Annotated[int, Field(ge=1, le=64)] = 8
    """Environments that practise side by side in one process."""
    n_steps: Annotated[int, Field(ge=8)] = 64
    """Control steps of each environment per rollout."""
    batch_size: Annotated[int, Field(ge=8)] = 128
    """Steps per gradient step; divides ``n_envs * n_steps``."""
    n_epochs: Annotated[int, Field(ge=1, le=100)] = 10
    """Passes over one rollout."""
    chunk_rollouts: Count = 8
    """Rollouts per chunk. At the end of a chunk all episodes are cut and all random numbers seeded
    anew, so that a policy can be saved there and practise on exactly as if it had never stopped."""

    learning_rate: Annotated[float, Field(gt=0, le=0.1)] = 1e-3
    """Step size of the optimiser (Adam), at the start."""
    learning_rate_schedule: Literal["constant", "linear"] = "linear"
    """``linear`` falls to zero at ``total_steps``."""
    gamma: Annotated[float, Field(gt=0, lt=1)] = 0.97
    """Discount of reward per control step."""
    gae_lambda: Fraction = 0.92
    """Weight of long against short advantage estimates."""
    clip_range: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """How far one update may move the probability of an action, as a ratio around 1."""
    ent_coef: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Weight of entropy in the loss: rewards exploring."""
    vf_coef: Annotated[float, Field(ge=0, le=10)] = 0.5
    """Weight of the value estimate in the loss."""
    max_grad_norm: Annotated[float, Field(gt=0)] = 0.5
    """Longest gradient; longer ones are shortened."""

    log_std_init: Annotated[float, Field(ge=-5, le=1)] = -1.6
    """Exploration at the start: natural logarithm of the standard deviation of each action. Large
    ones shake a weak neck, and infants may learn to let the head hang."""
    net_arch: Annotated[tuple[Count, ...], Field(min_length=1, max_length=4)] = (64, 64)
    """Width of each hidden layer, the same for the policy and for its value estimate."""
    activation: Literal["tanh", "relu"] = "tanh"
    """What each hidden unit computes."""

    @model_validator(mode="after")
    def _whole_batches(self) -> Self:
        if self.rollout_steps % self.batch_size:
            raise ValueError(
                f"batch_size = {self.batch_size} must divide n_envs * n_steps = "
                f"{self.n_envs} * {self.n_steps} = {self.rollout_steps}"
            )
        return self

    @property
    def rollout_steps(self) -> int:
        """Control steps of one rollout, all environments together."""
        return self.n_envs * self.n_steps

    @property
    def chunk_steps(self) -> int:
        """Control steps between two points at which practice can stop and go on exactly."""
        return self.chunk_rollouts * self.rollout_steps

    def learning_rate_at(self, steps: int) -> float:
        """Step size of the optimiser for the rollout that begins after some practice.

        Args:
            steps: Control steps practised before that rollout.

        Returns:
            The rate; zero for ``linear`` once ``total_steps`` are over.
        """
        if self.learning_rate_schedule == "constant":
            return self.learning_rate
        return self.learning_rate * max(0.0, 1.0 - steps / self.total_steps)
