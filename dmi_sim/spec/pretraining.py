"""The policies that are shipped, by what they are trained in."""

from collections.abc import Iterator
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
    exercises: tuple[str, ...] = ()
    """Files in ``envs/``: infants who practise one exercise, with its own ``training``."""

    def problems(self, catalog: FileIndex) -> Iterator[str]:
        """Names of curricula and exercises that do not exist."""
        for name in self.curricula:
            yield from unknown_name(catalog, CurriculumSpec, "curricula", name)
        for name in self.exercises:
            yield from unknown_name(catalog, ExerciseSpec, "exercises", name)
