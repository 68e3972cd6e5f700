"""Dose and tests of a study of one exercise."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from dmi_sim.spec.arm import Steps, unset
from dmi_sim.spec.base import Fraction, Hundreds, Strict


class DoseSpec(Strict):
    """Dose of training of each infant, and the tests along the way."""

    training_steps: Steps
    """Control steps of training in total; reports show them as simulated hours. Of several doses
    every infant practises each from the start, in every arm; arms are compared at equal dose."""
    evaluations: Annotated[int, Field(ge=2, le=1000)]
    """Number of evaluations along the dose, evenly spaced; the first is before any training."""
    pushes: bool = False
    """Whether infants are also pushed during training, in all arms alike."""

    @property
    def steps(self) -> tuple[int, ...]:
        """Control steps of each dose; most studies have one.

        >>> DoseSpec(training_steps=4096, evaluations=2).steps
        (4096,)
        """
        steps = self.training_steps
        return (steps,) if isinstance(steps, int) else steps


class TestSpec(Strict):
    """Tests at an evaluation: episodes whose seeds are never used in training."""

    __test__: ClassVar[bool] = False  # not a test case, whatever its name says

    episodes: Hundreds
    """Number of episodes with pushes, and the same number without; they have the same starts at
    every evaluation and in every arm."""
    pushes: tuple[bool, ...] = (True, False)
    """Kinds of test episodes: with pushes (true), without (false), or both."""
    supports: tuple[str, ...] = Field(default=(), exclude_if=unset)
    """Hands in which infants are tested, each in episodes of its own, the same in every arm. By
    default ``none``, or the most distal hands of an exercise that infants cannot do alone."""
    support_strength: Fraction = Field(default=1.0, exclude_if=lambda strength: strength == 1)
    """Factor of the stiffness of these hands and of their largest force and torque."""
    transfer: tuple[str, ...] = Field(default=(), exclude_if=unset)
    """Further exercises, files in ``envs`` of the same observations and actions, in which infants
    are tested without having practised them; with pushes where that exercise has any."""

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if not self.pushes or len(set(self.pushes)) != len(self.pushes):
            raise ValueError("pushes must be [true], [false] or [true, false]")
        for field in ("supports", "transfer"):
            names: tuple[str, ...] = getattr(self, field)
            if len(set(names)) != len(names):
                raise ValueError(f"{field} names one twice")
        return self
