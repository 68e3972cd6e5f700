"""A small brain, and a therapist who goes round by a list of trials and remembers all it sees."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from dmi_sim.child.child import Child
from dmi_sim.child.programme import Programme
from dmi_sim.spec.base import Quantity, Strict
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.therapy.trial import Trial, TrialRecord

SETTINGS: dict[str, Any] = {
    "n_envs": 1,
    "n_steps": 60,
    "batch_size": 30,
    "n_epochs": 1,
    "learning_rate_schedule": "constant",
    "log_std_init": -0.5,
    "net_arch": [8],
    "mirror_images": True,
    "exercises_count_alike": True,
}
"""Rollouts of two seconds: nothing useful is learnt, but all parameters change."""
TRIALS = (
    Trial("sitting", "pelvis", 0.5),
    Trial("standing", "none", 0.0, pushes=True),
    Trial("sitting", "axillae", 1.0),
)
"""An infant of six months falls in the second one soon."""
FOUR_SECONDS = 4 / 60


def brain_spec(minutes_per_minute: float = 1.0, **settings: Any) -> BrainSpec:
    """A brain that is quickly exercised."""
    dose = Quantity[Any, Any](value=minutes_per_minute, unit="1", basis="assumed", note="a test")
    training = TrainingSpec.model_validate({**SETTINGS, **settings})
    told = {"title": "Small", "practice_minutes_per_minute": dose.model_dump()}
    return BrainSpec.model_validate({**told, "training": training.model_dump(exclude_unset=True)})


class Remembered(Strict):
    """What the therapist knows: the seed that it was given, and all records in words."""

    seed: int
    records: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlainTherapist:
    """A therapist who goes round by a list of trials."""

    trials: Sequence[Trial] = TRIALS

    def begin(self, age_months: float, seed: int) -> Remembered:
        """Nothing was seen."""
        return Remembered(seed=seed)

    def order(self, state: Remembered) -> Trial:
        """The next trial of the list."""
        return self.trials[len(state.records) % len(self.trials)]

    def see(self, state: Remembered, record: TrialRecord) -> Remembered:
        """One more record."""
        records = (*state.records, repr(record))
        return state.model_copy(update={"records": records})


@dataclass(frozen=True)
class PlainSession:
    """A session of a plain timetable."""

    kind: str = "therapy"
    minutes: float = FOUR_SECONDS
    shares: tuple[tuple[str, float], ...] = ()


PLAY = PlainSession("free_play", shares=(("rolling", 0.5), ("prone_propping", 0.5)))
WEEK = (PlainSession(), PLAY, PlainSession())


def programme(
    trials: Sequence[Trial] = TRIALS,
    week: Sequence[PlainSession] = WEEK,
    therapist: PlainTherapist | None = None,
    **further: Any,
) -> Programme:
    """The same sessions each week."""
    return Programme(
        content={"plain": [list(astuple(one)) for one in trials]},
        therapist=therapist or PlainTherapist(trials),
        sessions=lambda _age, _week: week,
        **further,
    )


def child(seed: int = 1, age_months: float = 6.0, **further: Any) -> Child:
    """A child with a small brain and a plain programme."""
    settings: dict[str, Any] = {"programme": programme(), "brain": brain_spec(), **further}
    return Child.from_spec(age_months, seed, **settings)
