"""Training: the settings of PPO, section ``training:`` of a file in ``envs/``, and other learners.

Proximal policy optimisation (PPO) collects ``n_envs * n_steps`` control steps with the present
policy (a rollout), improves the policy on them for ``n_epochs``, and repeats. A *step* is always
one control step of one infant: steps over the control rate are the simulated time of training.

SAC and TD3 learn from a memory of all steps instead. Their settings are the same for every
exercise; what depends on the exercise (budget, environments, chunks, discount) is that of its PPO.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.spec.base import Buffer, Count, Fraction, Hundreds, Spec, Strict


class TrainingSpec(Strict):
    """Settings of PPO; the names are those of stable-baselines3.

    Raises:
        ValueError: If the rollout is not a whole number of batches.
    """

    total_steps: Count = 100_000
    """Control steps of training in total, summed over the parallel environments."""
    n_envs: Annotated[int, Field(ge=1, le=64)] = 8
    """Number of environments that are stepped side by side in one process."""
    n_steps: Buffer = 64
    """Control steps of each environment per rollout."""
    batch_size: Buffer = 128
    """Steps per gradient step; divides ``n_envs * n_steps``."""
    n_epochs: Annotated[int, Field(ge=1, le=100)] = 10
    """Passes over one rollout."""
    chunk_rollouts: Count = 8
    """Rollouts per chunk. At the end of a chunk all episodes are cut and all random generators are
    seeded anew, so that training can be stopped and resumed there with identical results."""

    learning_rate: Annotated[float, Field(gt=0, le=0.1)] = 1e-3
    """Step size of the optimiser (Adam), at the start."""
    learning_rate_schedule: Literal["constant", "linear"] = "linear"
    """Course of the step size; ``linear`` falls to zero at ``total_steps``."""
    gamma: Annotated[float, Field(gt=0, lt=1)] = 0.97
    """Discount of reward per control step."""
    gae_lambda: Fraction = 0.92
    """Weight of long against short horizons in generalised advantage estimation."""
    clip_range: Annotated[float, Field(gt=0, lt=1)] = 0.2
    """Largest change of the probability of an action in one update, as a ratio around 1."""
    ent_coef: Fraction = 0.0
    """Weight of entropy in the loss, which rewards exploration."""
    vf_coef: Annotated[float, Field(ge=0, le=10)] = 0.5
    """Weight of the value estimate in the loss."""
    max_grad_norm: Annotated[float, Field(gt=0)] = 0.5
    """Largest norm of the gradient; longer gradients are scaled down."""
    target_kl: Annotated[float, Field(gt=0)] | None = None
    """Divergence of the policy from the one that practised, in nats, beyond half as much again of
    which the rest of the passes over a rollout is left out; None for no such limit. Who explores
    little is changed more by the same step."""
    mirror_images: bool = False
    """Whether each step is learnt from together with its mirror image, left for right, so that what
    one side has learnt the other knows too. The infant and the exercise must be the same in a
    mirror."""

    exercises_count_alike: bool = False
    """Whether rewards and advantages of all exercises are brought to one size, so that a policy
    learns from the small rewards of one as much as from the large ones of another."""

    value_first_steps: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    """Control steps at the start in which only the estimate of values is learnt, and the policy
    stays as it is. Who goes on with a policy that knows rewards of another size unlearns what it
    can while that estimate is wrong."""

    teaching_coef: Annotated[float, Field(ge=0, le=100)] = 0.0
    """Weight in the loss, at the start, of the divergence from what the teachers of a curriculum
    would do; it falls evenly to zero at ``total_steps``."""

    log_std_init: Annotated[float, Field(ge=-5, le=1)] = -1.6
    """Natural logarithm of the standard deviation of each action at the start: exploration. With a
    large one a weak neck is shaken, and infants may learn to let the head hang."""
    log_std_final: Annotated[float, Field(ge=-5, le=1)] | None = None
    """The same at the end; in between it changes evenly with the steps. Bold trials find a
    movement, gentle ones let it last. Without it exploration is learnt from ``log_std_init`` on."""
    net_arch: Annotated[tuple[Hundreds, ...], Field(min_length=1, max_length=4)] = (64, 64)
    """Width of each hidden layer, the same for the policy and for its value estimate."""
    activation: Literal["tanh", "relu"] = "tanh"
    """Activation function of the hidden layers."""

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
        """Control steps between two points at which training can be stopped and resumed exactly."""
        return self.chunk_rollouts * self.rollout_steps

    def learning_rate_at(self, steps: int) -> float:
        """Step size of the optimiser for the rollout that begins after some steps of training.

        Args:
            steps: Control steps before that rollout.

        >>> spec = TrainingSpec(learning_rate=0.001, total_steps=1000)
        >>> spec.learning_rate_at(250)
        0.00075
        """
        if self.learning_rate_schedule == "constant":
            return self.learning_rate
        return self.learning_rate * max(0.0, 1.0 - steps / self.total_steps)

    def teaching_coef_at(self, steps: int) -> float:
        """Weight of the divergence from teachers after some steps.

        Args:
            steps: Control steps of training.

        >>> TrainingSpec(teaching_coef=2, total_steps=1000).teaching_coef_at(250)
        1.5
        """
        return self.teaching_coef * max(0.0, 1.0 - steps / self.total_steps)

    def log_std_at(self, steps: int) -> float | None:
        """Exploration in the rollout that begins after some steps; None if it is learnt.

        Args:
            steps: Control steps before that rollout.

        >>> spec = TrainingSpec(log_std_init=-1.0, log_std_final=-2.0, total_steps=1000)
        >>> spec.log_std_at(500), TrainingSpec().log_std_at(500)
        (-1.5, None)
        """
        if self.log_std_final is None:
            return None
        share = min(1.0, steps / self.total_steps)
        return self.log_std_init + share * (self.log_std_final - self.log_std_init)


class LearnerSpec(Spec):
    """Settings of a learner other than PPO; the names are those of stable-baselines3.

    Raises:
        ValueError: If a setting belongs to the other algorithm.
    """

    folder: ClassVar[str] = "models/learners"

    algorithm: Literal["sac", "td3"]
    """Soft actor-critic, or twin delayed deep deterministic policy gradient."""
    learning_rate: Annotated[float, Field(gt=0, le=0.1)]
    """Step size of the optimisers (Adam)."""
    buffer_size: Annotated[int, Field(ge=100, le=10_000_000)]
    """Steps that the memory holds; the oldest are forgotten first."""
    learning_starts: Annotated[int, Field(ge=0, le=10**9)]
    """Control steps with random actions before anything is learnt."""
    batch_size: Buffer
    """Steps per gradient step."""
    gradient_steps: Count
    """Gradient steps after each control step of all environments."""
    tau: Annotated[float, Field(gt=0, le=1)] = 0.005
    """Share of the target networks that each update renews."""
    net_arch: Annotated[tuple[Hundreds, ...], Field(min_length=1, max_length=4)] = (64, 64)
    """Width of each hidden layer, the same for policy and value estimates; ReLU."""
    action_noise_sd: Annotated[float, Field(ge=0, le=1)] | None = None
    """Standard deviation of the noise on each action (TD3): exploration."""
    ent_coef_init: Annotated[float, Field(gt=0, le=10)] | None = None
    """First weight of entropy in the aim (SAC), tuned from there on: exploration."""

    @model_validator(mode="after")
    def _explores_its_own_way(self) -> Self:
        own, other = ("ent_coef_init", "action_noise_sd")[:: 1 if self.algorithm == "sac" else -1]
        if getattr(self, own) is None:
            raise ValueError(f"{own}: missing; {self.algorithm} explores by it")
        if getattr(self, other) is not None:
            raise ValueError(f"{other}: {self.algorithm} has no such setting")
        return self
