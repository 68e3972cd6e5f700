"""The policies that are shipped, by what they are trained in."""

from collections.abc import Iterator
from itertools import chain
from typing import ClassVar

from dmi_sim.spec.base import FileIndex, Hundreds, Spec, unknown_name
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.spec.exercise import ExerciseSpec


class PretrainingSpec(Spec):
    """What ``dmi-sim policies`` trains; each policy is called by its name and seed."""

    folder: ClassVar[str] = "models/pretraining"

    title: str
    """What is shipped."""
    seeds: Hundreds = 3
    """Policies of each, with the seeds from 0 on."""
    curricula: tuple[str, ...] = ()
    """Files in ``models/curricula``: infants who practise several exercises."""
    further: dict[str, tuple[str, ...]] = {}
    """Curricula with which the policy of one goes on, in order, each with the best of the one
    before; by the name of the first, which is also that of the policy that comes out."""
    exercises: tuple[str, ...] = ()
    """Files in ``envs/``: infants who practise one exercise, with its own ``training``."""

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of curricula and exercises that do not exist."""
        for name in self.curricula:
            yield from unknown_name(catalog, CurriculumSpec, "curricula", name)
        for name in chain(self.further, *self.further.values()):
            yield from unknown_name(catalog, CurriculumSpec, "further", name)
        for name in self.exercises:
            yield from unknown_name(catalog, ExerciseSpec, "exercises", name)
