"""At which age an exercise can be learnt: the youngest that does, beside WHO's windows.

``python benchmarks/youngest_age.py [--exercises sitting,crawling] [--ages 1,2,3,4,6,9,12,15]`` lets
infants of an age practise an exercise from nothing, with the settings of its file, until it is
learnt or the budget is spent. An age learns it if most of its infants do. The youngest such age is
searched by halving, which takes for granted that an older infant learns what a younger one does;
``--every-age`` takes nothing for granted and tries them all. With ``--policy infant_0`` a policy is
tried at all ages too, without any further practice.

Each infant is a file in ``--folder``: whoever is stopped says the same words again and loses one of
them at most; other exercises, ages, seeds and policies can be added. ``--table
docs/tables/youngest_age.md`` writes the tables, and a CSV file beside them, of all that is there;
with ``--only-table`` that is all. ``--quick`` shows in a minute that it works, and learns nothing.
Hours of one core: about three ages for each exercise, each with three infants.
"""

import argparse
import csv
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below

from pydantic import NonNegativeFloat

from dmi_sim.benchmark.asked import (
    TINY_TRAINING,
    ages,
    count,
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
    read_kept,
    require_plan,
    training_of,
)
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.files import write_text
from dmi_sim.names import environment_id
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import run_trial
from dmi_sim.spec.base import Count, Strict
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.tables import UNKNOWN, markdown, number, plain_words
from dmi_sim.training.bundle import POLICY, Setting, read_bundle_manifest
from dmi_sim.training.library import open_controller, policy_folder, version_for

NOTICE = "Simulation, not clinical evidence."


def next_age(grid: Sequence[float], learns: Mapping[float, bool]) -> float | None:
    """The age to try next, if an older infant learns what a younger one does; None at the end.

    Args:
        grid: Ages [months], rising.
        learns: Whether infants of an age learn, for the ages that were tried.

    >>> next_age([1, 3, 6, 9, 12], {})
    6
    >>> next_age([1, 3, 6, 9, 12], {6: True}), next_age([1, 3, 6, 9, 12], {6: False})
    (3, 12)
    """
    first_yes = next((n for n, age in enumerate(grid) if learns.get(age)), len(grid))
    younger = [n for n in range(first_yes) if learns.get(grid[n]) is False]
    last_no = younger[-1] if younger else -1
    return grid[(last_no + first_yes) // 2] if first_yes - last_no > 1 else None


def youngest_in_words(grid: Sequence[float], learns: Mapping[float, bool]) -> str:
    """The youngest age that learns, or what is known of it so far.

    >>> youngest_in_words([1, 3, 6], {3: True, 1: False}), youngest_in_words([1, 3], {1: True})
    ('3', 'at most 1')
    >>> youngest_in_words([1, 3], {3: False}), youngest_in_words([1, 3, 6], {6: True})
    ('older than 3', '6 or younger (not finished)')
    """
    if not learns:
        return UNKNOWN
    is_finished = next_age(grid, learns) is None
    yes = [age for age in grid if learns.get(age)]
    if not yes:
        oldest = max(learns)
        return f"older than {oldest:g}" + ("" if is_finished else " (not finished)")
    if not is_finished:
        return f"{yes[0]:g} or younger (not finished)"
    return f"at most {yes[0]:g}" if yes[0] == grid[0] else f"{yes[0]:g}"


def against_the_order(learns: Mapping[float, bool]) -> tuple[float, ...]:
    """Ages that do not learn although a younger one does: there halving would mislead.

    >>> against_the_order({1: False, 3: True, 6: False, 9: True})
    (6,)
    """
    yes = [age for age, does in learns.items() if does]
    return tuple(age for age in sorted(learns) if not learns[age] and yes and age > min(yes))


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        exercises: Exercises.
        grid: Ages [months], rising.
        seeds: Seeds, one infant each.
        goal: When practice ends.
        settings: Settings of training that differ from those of the exercises.
        policies: Policies that are tried at all ages.
        folder: Folder of the courses.
        every_age: Whether all ages are tried.
    """

    exercises: tuple[str, ...]
    grid: tuple[float, ...]
    seeds: tuple[int, ...]
    goal: LearningGoal
    settings: Mapping[str, str]
    policies: tuple[str, ...]
    folder: Path
    every_age: bool

    def course(self, exercise: str, age: float, seed: int) -> Path:
        """The file of an infant."""
        return self.folder / exercise / f"{age:g}_months_{seed}.json"

    def trial(self, policy: str, exercise: str, age: float) -> Path:
        """The file of a policy at an age."""
        return self.folder / exercise / f"{age:g}_months_{Path(policy).name}.json"


class PolicyAtAge(Strict):
    """How a policy does at an age that it need never have practised at; one file."""

    policy_sha256: str
    """Hash of its weights."""
    episodes: Count
    """Number of unseen episodes."""
    successes: NonNegativeFloat
    """Number of them with success."""


def practise(question: Question) -> None:
    """Run what is missing."""
    plan = {"goal": question.goal, "settings": Settings(training=dict(question.settings))}
    require_plan(question.folder, plan)
    for exercise in question.exercises:
        if question.every_age:
            for age in question.grid:
                _practise_at(question, exercise, age)
        else:
            while (age := next_age(question.grid, learns_of(question, exercise))) is not None:
                _practise_at(question, exercise, age)


class Settings(Strict):
    """Settings of training that differ from those of the exercises."""

    training: dict[str, str]


def _practise_at(question: Question, exercise: str, age: float) -> None:
    training = training_of(exercise, question.settings, question.goal.budget_steps)
    for seed in question.seeds:
        practice = Practice(exercise, training, seed, {"age_months": age})
        path = question.course(exercise, age, seed)
        course = course_in(path, lambda one=practice: learn(one, question.goal))
        steps = course.steps_to_success
        told = "not learnt" if steps is None else f"learnt in {steps:,} steps"
        say(f"{plain_words(exercise)}, {age:g} months, seed {seed}: {told}")


def courses_of(question: Question, exercise: str) -> dict[float, list[LearningCourse]]:
    """The courses that are there, by age."""
    read = {
        age: [read_course(question.course(exercise, age, seed)) for seed in question.seeds]
        for age in question.grid
    }
    there = {age: [one for one in some if one is not None] for age, some in read.items()}
    return {age: some for age, some in there.items() if some}


def learns_of(question: Question, exercise: str) -> dict[float, bool]:
    """Whether most infants of an age learn, for the ages at which all of them were tried."""
    return {
        age: 2 * sum(one.steps_to_success is not None for one in some) > len(some)
        for age, some in courses_of(question, exercise).items()
        if len(some) == len(question.seeds)
    }


def try_policies(question: Question) -> None:
    """Try each policy in each exercise at each age, where that is missing or it has changed."""
    for policy in question.policies:
        for exercise in question.exercises:
            for age in question.grid:
                at = _trial(question, policy, exercise, age)
                shown = f"{at.successes:g} of {at.episodes}"
                say(f"{policy}: {plain_words(exercise)}, {age:g} months: {shown}")


def _trial(question: Question, policy: str, exercise: str, age: float) -> PolicyAtAge:
    path, folder = question.trial(policy, exercise, age), policy_folder(policy)
    sha256 = read_bundle_manifest(folder).files_sha256[POLICY]
    kept = read_trial(path)
    if kept is not None and kept.policy_sha256 == sha256:
        return kept
    arguments: dict[str, Setting] = {"age_months": age, "support": None}  # the least support
    acted_in = version_for(folder, exercise)
    opened = open_controller(folder, arguments, acted_in, allow_other_exercise=True)
    with opened as (env, controller):
        trials = [run_trial(env, controller, s) for s in evaluation_seeds(question.goal.episodes)]
    successes = sum(one.is_success for one in trials)
    at = PolicyAtAge(policy_sha256=sha256, episodes=len(trials), successes=successes)
    write_text(path, at.model_dump_json(indent=1) + "\n")
    return at


def read_trial(path: Path) -> PolicyAtAge | None:
    """How a policy does at an age; None if that was not tried."""
    return read_kept(path, PolicyAtAge)


def tables(question: Question) -> str:
    """The table of youngest ages and one for each policy, with what they count."""
    head = ("Exercise", "Youngest age learnt", "Infants that learnt, by age", "WHO", "Skill there")
    rows = [_row(question, exercise) for exercise in question.exercises]
    lines = [*markdown(head, rows), "", *legend(question), ""]
    for policy in question.policies:
        lines += [*_policy_lines(question, policy), ""]
    return "\n".join([*lines, NOTICE, ""])


def _row(question: Question, exercise: str) -> tuple[str, ...]:
    shown = [
        f"{age:g}: {sum(one.steps_to_success is not None for one in some)}/{len(some)}"
        for age, some in courses_of(question, exercise).items()
    ]
    learns = learns_of(question, exercise)
    youngest = youngest_in_words(question.grid, learns)
    odd = ", ".join(f"{age:g}" for age in against_the_order(learns))
    words = f"{youngest}, but not {odd}" if odd else youngest
    return (plain_words(exercise), words, "; ".join(shown) or UNKNOWN, *milestone_cells(exercise))


def milestone_cells(exercise: str) -> tuple[str, str]:
    """WHO's mean with the 1st and 99th percentile [months], and the name of the skill."""
    milestones = Catalog.shipped().load(MilestonesSpec, "who").milestones
    for name, one in milestones.items():
        if one.exercise == exercise:
            values = (one.mean, one.p1, one.p99)
            mean, low, high = (
                number(age.value, 1) + ("" if age.mark == "read" else f" ({age.mark})")
                for age in values
            )
            return f"{mean} [{low}, {high}]", plain_words(name)
    return UNKNOWN, UNKNOWN


def legend(question: Question) -> Iterator[str]:
    """What the numbers are."""
    order = (
        "Ages were searched by halving, which takes for granted that an older infant learns what a "
        "younger one does."
        if not question.every_age
        else "All ages were tried."
    )
    changed = ", ".join(f"`{name}={value}`" for name, value in question.settings.items())
    yield (
        f"Ages in months, of {', '.join(f'{age:g}' for age in question.grid)}. Youngest age at "
        f"which most of {len(question.seeds)} infants (seeds) learn the exercise from nothing. "
        f"{question.goal.in_words} Each practises at that age, with the settings of the file of "
        f"the exercise{f' but {changed}' if changed else ''} and as little support as it allows. "
        f"{order} {UNKNOWN}: not run. WHO: mean age, and 1st and 99th percentile, at which "
        "infants have the skill (`models/milestones/who.yaml`); none of it is used to train."
    )


def _policy_lines(question: Question, policy: str) -> Iterator[str]:
    yield (
        f"`{Path(policy).name}` at each age without further practice, with as little support as "
        f"the exercise allows: successes in {question.goal.episodes} unseen episodes."
    )
    yield ""
    rows = [
        (
            environment_id(version_for(policy_folder(policy), exercise)),
            *(_successes(question, policy, exercise, age) for age in question.grid),
        )
        for exercise in question.exercises
    ]
    yield from markdown(("Environment", *(f"{age:g}" for age in question.grid)), rows)


def _successes(question: Question, policy: str, exercise: str, age: float) -> str:
    at = read_trial(question.trial(policy, exercise, age))
    return UNKNOWN if at is None else f"{at.successes:g}"


def comma_separated(question: Question) -> str:
    """All courses and trials, a row each, for programs."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("exercise", "age_months", "who", "steps_to_success", "steps", "success"))
    for exercise in question.exercises:
        for age in question.grid:
            writer.writerows(_csv_rows(question, exercise, age))
    return text.getvalue()


def _csv_rows(question: Question, exercise: str, age: float) -> Iterator[tuple[object, ...]]:
    for seed in question.seeds:
        course = read_course(question.course(exercise, age, seed))
        if course is not None:
            last = course.tests[-1]
            end = (course.steps_to_success, last.steps, last.success)
            yield (exercise, age, f"seed {seed}", *end)
    for policy in question.policies:
        at = read_trial(question.trial(policy, exercise, age))
        if at is not None:
            yield exercise, age, Path(policy).name, None, 0, at.successes / at.episodes


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def main(words: Sequence[str] | None = None) -> int:
    """Run what is missing, print the tables, and write them where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--exercises", type=exercise_names, default="sitting,crawling,cruising,standing,walking"
    )
    parser.add_argument("--ages", type=ages, default="1,2,3,4,6,9,12,15", help="months")
    parser.add_argument("--seeds", type=seed_numbers, default="0,1,2")
    parser.add_argument("--budget", type=count, default=300_000, help="control steps of an infant")
    parser.add_argument("--every", type=count, default=16_384, help="control steps between tests")
    parser.add_argument(
        "--set", type=setting, action="append", default=[], help="a setting, as gamma=0.985"
    )
    parser.add_argument("--policy", action="append", default=[], help="tried at all ages; repeat")
    parser.add_argument("--every-age", action="store_true", help="search nothing, try all ages")
    parser.add_argument("--folder", type=Path, default=Path("runs/youngest_age"))
    parser.add_argument("--table", type=Path, help="Markdown file; a CSV file is written beside it")
    parser.add_argument("--only-table", action="store_true", help="only tell what is there")
    parser.add_argument("--quick", action="store_true", help="tiny, to see that it works")
    given = parser.parse_args(words)
    try:
        question = _question(given)
        if not given.only_table:
            practise(question)
            try_policies(question)
        say(tables(question))
        if given.table:
            write_text(given.table, tables(question))
            write_text(given.table.with_suffix(".csv"), comma_separated(question))
    except InputError as problem:
        parser.error(str(problem))
    return 0


def _question(given: argparse.Namespace) -> Question:
    settings, seeds = dict[str, str](given.set), given.seeds
    goal = LearningGoal(budget_steps=given.budget, every_steps=given.every)
    if given.quick:
        settings, seeds = {**TINY_TRAINING, **settings}, seeds[:1]
        goal = LearningGoal(budget_steps=320, every_steps=320, episodes=1)
    for exercise in given.exercises:
        training_of(exercise, settings, goal.budget_steps)  # refused before anything is run
    for policy in given.policy:
        policy_folder(policy)
    return Question(
        given.exercises,
        given.ages,
        seeds,
        goal,
        settings,
        tuple(given.policy),
        given.folder,
        given.every_age,
    )


if __name__ == "__main__":
    sys.exit(main())
