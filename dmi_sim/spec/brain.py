"""Brain: how a child learns from what it practises (`models/brains/`)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.spec.base import Quantity, Spec
from dmi_sim.spec.training import TrainingSpec

Dose = Annotated[float, Field(gt=0, le=10)]
KlLimit = Annotated[float, Field(gt=0)]
"""Mean Kullback-Leibler divergence [nats]."""


class BrainSpec(Spec):
    """How a child learns: settings of PPO, and how much of its time is simulated.

    A child has one body, so it does one thing at a time: each trial is ordered when the one before
    it has been seen, and a rollout is what was practised since it learnt last. It learns for as
    long as it lives, so no setting may fall with the steps of a training that is planned.

    Raises:
        ValueError: If a setting says otherwise.
    """

    folder: ClassVar[str] = "models/brains"

    title: str
    """Name of the brain in reports."""
    practice_minutes_per_minute: Quantity[Dose, Literal["1"]]
    """Minutes of practice that are simulated for one minute of a timetable."""
    training: TrainingSpec
    """Settings of PPO. ``n_steps`` are gathered over as many sessions as it takes."""
    kl_limit_nats: KlLimit | None = None
    """Largest mean divergence of what it does from what it did, each time that it learns. What goes
    beyond is taken back and learnt with half the step, see :mod:`dmi_sim.child.step_size`; None for
    no such limit."""

    @model_validator(mode="after")
    def _does_one_thing_at_a_time(self) -> Self:
        if self.training.n_envs != 1:
            raise ValueError(
                f"training.n_envs: must be 1, not {self.training.n_envs}: a child has one body"
            )
        return self

    @model_validator(mode="after")
    def _learns_as_long_as_it_lives(self) -> Self:
        if self.training.learning_rate_schedule != "constant":
            raise ValueError("training.learning_rate_schedule: must be constant: nothing ends here")
        if self.training.log_std_final is not None:
            raise ValueError("training.log_std_final: must be left out: nothing ends here")
        if self.training.target_kl is not None:
            raise ValueError("training.target_kl: must be left out; kl_limit_nats limits a change")
        for name in ("total_steps", "chunk_rollouts"):
            if getattr(self.training, name) != TrainingSpec.model_fields[name].default:
                raise ValueError(
                    f"training.{name}: must be left out: a timetable says how long is practised"
                )
        return self
