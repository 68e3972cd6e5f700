"""Whether what was learnt in one exercise helps in another: control steps until each is learnt.

``python benchmarks/transfer.py [--exercises sitting,kneeling,standing] [--before prone_propping]``
lets infants practise each exercise from nothing, and with the weights that the same infant had when
it had learnt another one, until it is learnt or the budget is spent. Each infant in each order is a
file in ``--folder``: whoever is stopped says the same words again and loses one of them at most,
and other exercises and seeds can be added. Several processes may share the folder if each has seeds
of its own. ``--table docs/tables/transfer.md`` writes the table, and a CSV file beside it, of all
that is there; with ``--only-table`` that is all. ``--quick`` shows in a minute that it works, and
learns nothing. All exercises have the settings of ``--training``, so that only the practice
differs. An hour of one core or two.
"""

import argparse
import csv
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from math import inf
from pathlib import Path
from statistics import median

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below

from dmi_sim.benchmark.asked import (
    TINY_TRAINING,
    count,
    exercise_name,
    exercise_names,
    seed_numbers,
    setting,
)
from dmi_sim.benchmark.learning import (
    LearningCourse,
    LearningGoal,
    Practice,
    course_in,
    learn,
    read_course,
    require_plan,
    training_of,
)
from dmi_sim.errors import InputError
from dmi_sim.files import write_text
from dmi_sim.names import environment_id
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.tables import UNKNOWN, markdown, plain_words

NOTHING = "nothing"
"""What stands in place of an exercise before those who begin with random weights."""
NOTICE = "Simulation, not clinical evidence."


@dataclass(frozen=True)
class Matrix:
    """What is compared.

    Attributes:
        exercises: Exercises that are learnt from nothing and after each other.
        before: Exercises that only come before them.
        seeds: Seeds, one infant each.
        goal: When practice ends.
        training: Settings of the learner, the same for all.
        training_from: Exercise from which they come.
        folder: Folder of the courses.
    """

    exercises: tuple[str, ...]
    before: tuple[str, ...]
    seeds: tuple[int, ...]
    goal: LearningGoal
    training: TrainingSpec
    training_from: str
    folder: Path

    @property
    def orders(self) -> Iterator[tuple[str, str]]:
        """Before and after, so that each exercise is learnt from nothing before others build on it.

        >>> from types import SimpleNamespace as Given
        >>> given = Given(rows=("nothing", "a", "b"), columns=("a", "b"), exercises=("b",))
        >>> list(Matrix.orders.fget(given))
        [('nothing', 'a'), ('nothing', 'b'), ('a', 'b')]
        """
        for first in self.rows:
            for second in self.columns:
                if second != first and (first == NOTHING or second in self.exercises):
                    yield first, second

    @property
    def rows(self) -> tuple[str, ...]:
        """What was learnt before."""
        return (NOTHING, *dict.fromkeys((*self.exercises, *self.before)))

    @property
    def columns(self) -> tuple[str, ...]:
        """What is learnt; those that only come before are learnt from nothing only."""
        return self.rows[1:]

    def course(self, first: str, second: str, seed: int) -> Path:
        """The file of an infant."""
        return self.folder / "courses" / f"{second}_after_{first}_{seed}.json"

    def bundle(self, exercise: str, seed: int) -> Path:
        """The policy of an infant when it had learnt its first exercise."""
        return self.folder / "learnt" / f"{exercise}_{seed}"


def practise(matrix: Matrix) -> None:
    """Run what is missing, all of one seed before the next."""
    require_plan(matrix.folder, {"goal": matrix.goal, "training": matrix.training})
    for seed in matrix.seeds:
        for first, second in matrix.orders:
            course = _course(matrix, first, second, seed)
            say(f"{plain_words(second)} after {plain_words(first)}, seed {seed}: {told(course)}")


def _course(matrix: Matrix, first: str, second: str, seed: int) -> LearningCourse | None:
    """The course of an infant; None if it never learnt what comes before."""
    before = None if first == NOTHING else matrix.bundle(first, seed)
    if before is not None:
        alone = read_course(matrix.course(NOTHING, first, seed))
        if alone is None or alone.steps_to_success is None:
            return None
    practice = Practice(second, matrix.training, seed, begin_with=before)
    kept = matrix.bundle(second, seed) if before is None else None
    path = matrix.course(first, second, seed)
    return course_in(path, lambda: learn(practice, matrix.goal, kept))


def told(course: LearningCourse | None) -> str:
    """Control steps until an exercise was learnt.

    >>> told(None)
    'not begun'
    """
    if course is None:
        return "not begun"
    steps = course.steps_to_success
    return f"> {course.goal.budget_steps:,}" if steps is None else f"{steps:,}"


def cell(courses: Sequence[LearningCourse | None]) -> str:
    """The median over infants, and each of them in brackets; a dash if none is there.

    Whoever did not learn counts as later than the budget, whoever never began is left out.

    >>> cell([None, None])
    '\u2013'
    """
    begun = [course for course in courses if course is not None]
    if not begun:
        return UNKNOWN
    ranked = sorted(begun, key=_steps)
    middle = median(map(_steps, begun))
    text = f"> {begun[0].goal.budget_steps:,}" if middle == inf else f"{middle:,.0f}"
    return f"{text} ({'; '.join(map(told, ranked))})"


def _steps(course: LearningCourse) -> float:
    steps = course.steps_to_success
    return inf if steps is None else steps


def found(matrix: Matrix) -> dict[tuple[str, str, int], LearningCourse]:
    """The courses that are there, by what came before, what was learnt, and seed."""
    read = {
        (first, second, seed): read_course(matrix.course(first, second, seed))
        for first, second in matrix.orders
        for seed in matrix.seeds
    }
    return {key: course for key, course in read.items() if course is not None}


def table(matrix: Matrix) -> str:
    """The matrix in Markdown, with what it counts."""
    courses, titles = found(matrix), [plain_words(name) for name in matrix.columns]
    rows = [
        (
            plain_words(first),
            *(
                cell([courses.get((first, second, seed)) for seed in matrix.seeds])
                for second in matrix.columns
            ),
        )
        for first in matrix.rows
    ]
    return "\n".join([*markdown(("Learnt before", *titles), rows), "", *legend(matrix), ""])


def legend(matrix: Matrix) -> Iterator[str]:
    """What the numbers are."""
    ids = ", ".join(f"`{environment_id(name)}`" for name in matrix.columns)
    yield (
        f"Control steps of practice until the exercise of the column is learnt ({ids}): the median "
        f"of {len(matrix.seeds)} infants (seeds), in brackets each of them. {matrix.goal.in_words} "
        "Nothing: random weights. Below: the weights of the same infant at the moment when it had "
        "learnt the exercise of the row, tested before any practice too, so 0 is possible. All "
        f"practise with the settings of `envs/{matrix.training_from}.yaml`{changes(matrix)} and "
        f"with as little support as the exercise allows. {UNKNOWN}: not asked, not run, or what "
        "comes before was not learnt."
    )
    yield NOTICE


def changes(matrix: Matrix) -> str:
    """What differs from the settings of the file, in brackets; empty if nothing does."""
    file = training_of(matrix.training_from, {}, matrix.goal.budget_steps).model_dump(mode="json")
    given = matrix.training.model_dump(mode="json")
    listed = ", ".join(f"`{name}: {given[name]}`" for name in given if given[name] != file[name])
    return f" (but {listed})" if listed else ""


def comma_separated(matrix: Matrix) -> str:
    """All courses, a row each, for programs."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("before", "exercise", "seed", "steps_to_success", "steps", "success"))
    for (first, second, seed), course in found(matrix).items():
        last, steps = course.tests[-1], course.steps_to_success
        writer.writerow((first, second, seed, steps, last.steps, last.success))
    return text.getvalue()


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def main(words: Sequence[str] | None = None) -> int:
    """Practise what is missing, print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--exercises", type=exercise_names, default="sitting,kneeling,standing")
    parser.add_argument("--before", type=exercise_names, default="prone_propping")
    parser.add_argument("--seeds", type=seed_numbers, default="0,1,2")
    parser.add_argument("--budget", type=count, default=300_000, help="control steps of an infant")
    parser.add_argument("--every", type=count, default=8192, help="control steps between tests")
    parser.add_argument(
        "--training", type=exercise_name, default="standing", help="exercise with the settings"
    )
    parser.add_argument(
        "--set", type=setting, action="append", default=[], help="a setting, as gamma=0.985"
    )
    parser.add_argument("--folder", type=Path, default=Path("runs/transfer"))
    parser.add_argument("--table", type=Path, help="Markdown file; a CSV file is written beside it")
    parser.add_argument("--only-table", action="store_true", help="only tell what is there")
    parser.add_argument("--quick", action="store_true", help="tiny, to see that it works")
    given = parser.parse_args(words)
    try:
        matrix = _matrix(given)
        if not given.only_table:
            practise(matrix)
        say(table(matrix))
        if given.table:
            write_text(given.table, table(matrix))
            write_text(given.table.with_suffix(".csv"), comma_separated(matrix))
    except InputError as problem:
        parser.error(str(problem))
    return 0


def _matrix(given: argparse.Namespace) -> Matrix:
    settings: Mapping[str, str] = dict(given.set)
    goal, seeds = LearningGoal(budget_steps=given.budget, every_steps=given.every), given.seeds
    if given.quick:
        settings, seeds = {**TINY_TRAINING, **settings}, seeds[:1]
        goal = LearningGoal(budget_steps=640, every_steps=320, episodes=1, threshold=0)
    return Matrix(
        given.exercises,
        given.before,
        seeds,
        goal,
        training_of(given.training, settings, goal.budget_steps),
        given.training,
        given.folder,
    )


if __name__ == "__main__":
    sys.exit(main())
