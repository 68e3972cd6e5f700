"""Children without a body under programmes of a search, to learn what a search finds.

Therapists are those of the engine. A child's skill grows with each trial by what is planted, and by
luck; nothing else knows of sites.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.spec.programme_arm import changed_programme
from dmi_sim.study.search import Changes, Evaluate, Values
from dmi_sim.therapy.skills import all_skills
from dmi_sim.therapy.therapist import Therapist
from dmi_sim.therapy.trial import Trial, TrialRecord

Teaches = Callable[[Trial], float]
"""How much a trial teaches."""
AGE_MONTHS, TRIALS, LUCK = 6.0, 12, 0.1
SKILLS = all_skills(Catalog.shipped())
PROGRAMME = Catalog.shipped().load(ProgrammeSpec, "dmi").model_dump(mode="json")


def nothing(_trial: Trial) -> float:
    """No trial teaches more than any other."""
    return 0.0


@dataclass(frozen=True)
class Planted:
    """What is planted: a site where trials teach, and a firmness at which they teach most."""

    site: str
    firmness: float

    def __call__(self, trial: Trial) -> float:
        """More at the site, and the more the nearer the firmness is."""
        return float(trial.support == self.site) + 1 - abs(trial.firmness - self.firmness)


def learnt(changes: Changes, teaches: Teaches, seed: int) -> float:
    """What a child has learnt after some trials under a programme."""
    programme = ProgrammeSpec.model_validate(changed_programme(PROGRAMME, changes))
    therapist, rng = Therapist(programme, SKILLS), np.random.default_rng(seed)
    state, gain = therapist.begin(AGE_MONTHS, seed), 0.0
    for _ in range(TRIALS):
        trial = therapist.order(state)
        works = bool(rng.random() < 0.5)
        gain += teaches(trial) + LUCK * rng.standard_normal()
        record = TrialRecord(trial, AGE_MONTHS, works, 1.0, not works, 5.0, 0.1, 1.0)
        state = therapist.see(state, record)
    return gain / TRIALS


def evaluating(teaches: Teaches, children: int, first_seed: int) -> Evaluate:
    """Tells what comes of candidates, with luck of its own for each child and candidate."""
    return partial(_values, teaches, children, first_seed)


def _values(
    teaches: Teaches, children: int, first_seed: int, number: int, candidates: Sequence[Changes]
) -> Values:
    return [
        float(np.mean([learnt(own, teaches, seed) for seed in _seeds(children, *luck, place)]))
        for luck in [(first_seed, number)]
        for place, own in enumerate(candidates)
    ]


def _seeds(children: int, first_seed: int, number: int, place: int) -> list[int]:
    """Seeds of the luck of the children of a candidate."""
    drawn = np.random.SeedSequence([first_seed, number, place]).generate_state(children)
    return [int(one) for one in drawn]
