"""Children without physics, for tests of therapists: what comes of a trial is a formula."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.therapy.seen import Seen
from dmi_sim.therapy.skills import Skill, all_skills
from dmi_sim.therapy.state import TherapistState
from dmi_sim.therapy.therapist import Therapist
from dmi_sim.therapy.trial import Trial, TrialRecord

CATALOG = Catalog.shipped()
SKILLS = all_skills(CATALOG)
PROGRAMMES = {name: CATALOG.load(ProgrammeSpec, name) for name in CATALOG.names(ProgrammeSpec)}
Answer = Callable[[Trial], bool]


def always(trial: Trial) -> bool:
    """A child who succeeds whatever is asked."""
    return True


def never(trial: Trial) -> bool:
    """A child who never succeeds."""
    return False


def record(
    trial: Trial, is_success: bool, completion: float | None = None, **more: float
) -> TrialRecord:
    """What is seen of a trial of ten seconds."""
    done = float(is_success) if completion is None else completion
    seen = {"age_months": 6.0, "duration_s": 10.0, "support_share": 0.1, "support_impulse_n_s": 9.0}
    return TrialRecord(
        trial, is_success=is_success, completion=done, fell=False, **{**seen, **more}
    )


@dataclass
class LearningChild:
    """A child whose success rises with practice and with firmness, and falls with difficulty.

    Attributes:
        talent: How much a trial of an exercise adds to what the child can do in it.
        seed: Seed of its luck.
    """

    talent: float = 0.05
    seed: int = 0
    practised: Counter[str] = field(default_factory=Counter[str])

    def __call__(self, trial: Trial) -> bool:
        difficulty = next(one.typical_age_months for one in SKILLS if one.name == trial.exercise)
        ability = self.talent * self.practised[trial.exercise] + 4 * trial.firmness
        chance = 1 / (1 + math.exp(difficulty / 3 - ability))
        number = sum(self.practised.values())
        self.practised[trial.exercise] += 1
        return bool(np.random.default_rng((self.seed, number)).random() < chance)


@dataclass(frozen=True)
class Story:
    """What a therapist ordered, and what it knows at the end."""

    trials: tuple[Trial, ...]
    state: TherapistState

    def of(self, exercise: str) -> list[Trial]:
        """The trials of an exercise."""
        return [one for one in self.trials if one.exercise == exercise]


def practise(
    therapist: Therapist,
    child: Answer,
    trials: int,
    seed: int = 0,
    state: TherapistState | None = None,
) -> Story:
    """A therapist and a child at work from the age of six months, or on from a state."""
    now = state or therapist.begin(age_months=6.0, seed=seed)
    ordered: list[Trial] = []
    for _ in range(trials):
        trial = therapist.order(now)
        now = therapist.see(now, record(trial, child(trial)))
        ordered.append(trial)
    return Story(tuple(ordered), now)


def programme(**changes: Any) -> ProgrammeSpec:
    """A programme without hands or anything else, with some fields changed.

    A rule is given by its name, or by a pair of its name and its parameters.
    """
    plain = PROGRAMMES["free_play"].model_dump()
    named = {name: _rule(value) for name, value in changes.items()}
    return ProgrammeSpec.model_validate({**plain, "leaves_out": (), **named})


def _rule(value: Any) -> Any:
    if isinstance(value, str):
        return {"rule": value}
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        return {"rule": value[0], "params": value[1]}
    return value


def therapist(**changes: Any) -> Therapist:
    """A therapist of such a programme."""
    return Therapist(programme(**changes), SKILLS)


def skill(name: str) -> Skill:
    """An exercise by its name."""
    return next(one for one in SKILLS if one.name == name)


def seen(
    results: Mapping[str, Iterable[tuple[str, bool]]] | None = None,
    *,
    seed: int = 0,
    first_age_months: float = 6.0,
    **more: float,
) -> Seen:
    """What a therapist has seen: sites and successes by exercise, one exercise after another."""
    watching = therapist()
    state = watching.begin(first_age_months, seed)
    for exercise, trials in (results or {}).items():
        for site, is_success in trials:
            trial = Trial(exercise, site, 0.0 if site == "none" else 1.0)
            state = watching.see(state, record(trial, is_success, **more))
    return Seen(state, SKILLS, watching.ladder, partial(np.random.default_rng, seed))


def with_draws_of(one: Seen, seed: int) -> Seen:
    """The same that was seen, with other draws."""
    return replace(one, draws=partial(np.random.default_rng, seed))
