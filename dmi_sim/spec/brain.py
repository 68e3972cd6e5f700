"""Brain: how a child learns from what it practises (`models/brains/`)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from dmi_sim.spec.base import Quantity, Spec
from dmi_sim.spec.training import TrainingSpec

Dose = Annotated[float, Field(gt=0, le=10)]


class BrainSpec(Spec):
    """How a child learns: settings of PPO, and how much of its time is simulated.

    A child has one body, so it does one thing at a time: a rollout is one stretch of practice, and
    each trial is ordered when the one before it has been seen. It learns for as long as it lives,
    so no setting may fall with the steps of a training that is planned.

    Raises:
        ValueError: If a setting says otherwise.
    """

    folder: ClassVar[str] = "models/brains"

    title: str
    practice_minutes_per_minute: Quantity[Dose, Literal["1"]]
    """Minutes of practice that are simulated for one minute of a timetable."""
    training: TrainingSpec
    """Settings of PPO. ``n_steps`` is aimed at: a session is shared evenly by its rollouts."""

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
        for name in ("total_steps", "chunk_rollouts"):
            if getattr(self.training, name) != TrainingSpec.model_fields[name].default:
                raise ValueError(
                    f"training.{name}: must be left out: a timetable says how long is practised"
                )
        return self

    def rollouts(self, steps: float) -> tuple[int, ...]:
        """The rollouts of so many control steps of practice, each a whole number of batches.

        Together they are the number of batches that comes nearest, and differ by one at most.

        Args:
            steps: Control steps of practice.

        >>> settings = {"n_envs": 1, "n_steps": 100, "batch_size": 20}
        >>> brain = BrainSpec(
        ...     title="Small",
        ...     practice_minutes_per_minute={
        ...         "value": 1, "unit": "1", "basis": "assumed", "note": "an example"
        ...     },
        ...     training={**settings, "learning_rate_schedule": "constant"},
        ... )
        >>> brain.rollouts(260), brain.rollouts(9)
        ((100, 80, 80), ())
        """
        size = self.training.batch_size
        batches = max(0, round(steps / size))
        count = max(1, round(batches * size / self.training.n_steps)) if batches else 0
        return tuple(size * ((batches + place) // count) for place in reversed(range(count)))
