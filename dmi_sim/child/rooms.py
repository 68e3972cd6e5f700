"""Rooms: where one body practises, an environment for each exercise."""

from collections.abc import Mapping

from dmi_sim.catalog import Catalog
from dmi_sim.env.registration import exercises_of_the_infant
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.infant import Infant
from dmi_sim.names import environment_id
from dmi_sim.rollout.environment import Env, infant_of, make_environment
from dmi_sim.training.bundle import Setting


class Rooms:
    """The environments of one body, each made when it is first needed.

    ``DMI/Infant-v0`` has all exercises too, but keeps the worlds of a few only. A therapist who
    goes round by more exercises would wait for a new world at each trial, nearly as long as for the
    trial itself. Each room takes the memory of a world, 28 MB.

    Args:
        body: Arguments of all environments, which say who the child is.

    Attributes:
        exercises: Exercises that there are, which share commands and senses.
    """

    def __init__(self, body: Mapping[str, Setting]) -> None:
        self._body = dict(body)
        self._rooms: dict[str, Env] = {}
        self.exercises = exercises_of_the_infant(Catalog.shipped())

    @property
    def any(self) -> Env:
        """A room in which nothing is practised yet: all have the same commands and senses."""
        return self.of(self.exercises[0])

    def of(self, exercise: str) -> Env:
        """The room of an exercise.

        Args:
            exercise: Name of a file in ``envs/``.

        Raises:
            InputError: If there is none of that name, or it has other commands and senses.
        """
        if exercise not in self._rooms:
            if exercise not in self.exercises:
                nearest = did_you_mean(exercise, self.exercises)
                raise InputError(f"exercise: a child has no '{exercise}'; {nearest}")
            self._rooms[exercise] = make_environment(environment_id(exercise), self._body)
        return self._rooms[exercise]

    def on_platform(self, exercise: str) -> Env:
        """A room of an exercise with ground that can move; whoever asks for it closes it.

        Args:
            exercise: Name of a file in ``envs/``.
        """
        return make_environment(environment_id(exercise), {**self._body, "on_platform": True})

    @property
    def infant(self) -> Infant:
        """The infant whose body it is."""
        return infant_of(self.any)

    def close(self) -> None:
        """Free all worlds."""
        for room in self._rooms.values():
            room.close()
        self._rooms.clear()
