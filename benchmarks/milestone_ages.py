"""At what age children in free play reach the milestones, beside WHO's windows.

``python benchmarks/milestone_ages.py [--free-play infants,constant_shares] [--seeds 0,1,2]
[--from 3] [--until 15] [--budget 120]`` lets children grow and play on their own, without a
therapist. After each ``--every`` weeks each tries the milestones that it has not reached. One that
it has not reached by the end of its weeks, or of its budget of practice, is censored there: it may
come later or never.

One constant, ``practice_minutes_per_minute`` of ``models/brains/infant.yaml``, turns the minutes of
a day into practice. ``--milestones sitting_without_support --constant 0.004,0.008`` tries others, a
column each.

Each child is a folder in ``--folder`` and goes on where it was stopped; other seeds, constants and
free plays can be added, and a larger budget goes on with the same children. ``--table
docs/tables/milestone_ages.md`` writes the table, and a CSV file beside it; with ``--only-table``
that is all. ``--quick`` shows in a minute that it works, and learns nothing. A minute of practice
takes about three seconds of one core, and the trials about as much again.
"""

import argparse
import csv
import os
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from itertools import product
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below

from dmi_sim.benchmark.asked import ages, count, seed_numbers
from dmi_sim.benchmark.learning import read_kept, require_plan
from dmi_sim.benchmark.milestones import (
    HELD,
    MilestoneCourse,
    MilestoneTest,
    cell,
    in_words,
    reaches,
    task,
)
from dmi_sim.catalog import Catalog, override
from dmi_sim.child.assessment import MILESTONES, PROGRESS
from dmi_sim.child.child import BRAIN, Child
from dmi_sim.child.rooms import Rooms
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.files import write_text
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import run_trial
from dmi_sim.spec.base import Strict
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.free_play import FreePlayTableSpec
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.spec.programme import WEEKS_PER_MONTH, ProgrammeSpec
from dmi_sim.spec.progress import ProgressSpec
from dmi_sim.tables import UNKNOWN, markdown, plain_words

NOTICE = "Simulation, not clinical evidence."
Arm = tuple[str, float | None]
"""A file in ``models/free_play/``, and a constant or None for that of the brain."""
TINY_BRAIN = ("training.n_steps=64", "training.batch_size=64", "training.net_arch=[8]")


class Plan(Strict):
    """What all children in a folder have in common."""

    from_months: float
    every_weeks: int
    trials: int
    is_quick: bool


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        tables: Files in ``models/free_play/``.
        constants: Minutes of practice for one of the timetable; None for that of the brain.
        seeds: Seeds, one child each.
        milestones: Milestones that are tried.
        plan: What all children have in common.
        until_months: Age at which a child is let go.
        budget_min: Practice after which it is let go [min].
        folder: Folder of the children.
    """

    tables: tuple[str, ...]
    constants: tuple[float | None, ...]
    seeds: tuple[int, ...]
    milestones: tuple[str, ...]
    plan: Plan
    until_months: float
    budget_min: float
    folder: Path

    @property
    def arms(self) -> tuple[Arm, ...]:
        """A free play and a constant each."""
        return tuple(product(self.tables, self.constants))

    def place(self, arm: Arm, seed: int) -> Path:
        """The folder of a child."""
        table, constant = arm
        told = "calibrated" if constant is None else f"{constant:g}"
        return self.folder / f"{table}_{told}" / str(seed)


def live(question: Question) -> None:
    """Let all children live on as far as is asked, in turns of a week."""
    require_plan(question.folder, {"plan": question.plan})
    for arm in question.arms:
        for seed in question.seeds:
            _live(question, arm, seed)


def _live(question: Question, arm: Arm, seed: int) -> None:
    place = question.place(arm, seed)
    course = read_course(place)
    child = Child.resume(place / "child") if course.tests else _child(question.plan, arm, seed)
    while True:
        if not course.tests or child.age_months > course.tests[-1].age_months:
            course = _with_test(course, child, question)
            child.save(place / "child")
            write_text(place / "course.json", course.model_dump_json(indent=1) + "\n")
            say(f"{_heading(arm)}, seed {seed}: {in_words(course)}")
        if is_over(course, question):
            return
        child.run(question.plan.every_weeks)


def is_over(course: MilestoneCourse, question: Question) -> bool:
    """Whether a child has reached all that it tries, or is let go."""
    last = course.tests[-1]
    return (
        all(course.age_at(name) is not None for name in question.milestones)
        or last.age_months >= question.until_months
        or last.practice_min >= question.budget_min
    )


def _child(plan: Plan, arm: Arm, seed: int) -> Child:
    files, (table_name, constant) = Catalog.shipped(), arm
    changed = () if constant is None else (f"practice_minutes_per_minute.value={constant}",)
    tiny = TINY_BRAIN if plan.is_quick else ()
    brain = override(files.load(BrainSpec, BRAIN), (*changed, *tiny))
    plays = (f"free_play_of={table_name}", f"age_months={plan.from_months}", "weeks=1")
    programme = override(
        files.load(ProgrammeSpec, "free_play"), [f"timetable.{one}" for one in plays]
    )
    return Child.from_spec(plan.from_months, seed, programme, brain=brain)


def _with_test(course: MilestoneCourse, child: Child, question: Question) -> MilestoneCourse:
    left = [name for name in question.milestones if course.age_at(name) is None]
    with closing(Rooms(child.description.body(child.week))) as rooms:
        policy = child.brain.policy(rooms)

        def succeeds(milestone: str, seed: int) -> bool:
            exercise, options = task(milestone)
            return run_trial(rooms.of(exercise), policy, seed, options).is_success

        seeds = evaluation_seeds(question.plan.trials)
        reached = {name: reaches(succeeds, name, seeds) for name in left}
    test = MilestoneTest(
        age_months=child.age_months,
        practice_min=60 * child.diary.practice_hours,
        reached=reached,
    )
    return MilestoneCourse(tests=(*course.tests, test))


def read_course(place: Path) -> MilestoneCourse:
    """The course of a child; one without a test if it was not begun."""
    return read_kept(place / "course.json", MilestoneCourse) or MilestoneCourse()


def table(question: Question) -> str:
    """Ages at milestones beside WHO's, and what they are."""
    head = ("Milestone", "Exercise here", "WHO", *map(_heading, question.arms))
    rows = [_row(question, name) for name in question.milestones]
    return "\n".join([*markdown(head, rows), "", *legend(question), "", NOTICE, ""])


def _heading(arm: Arm) -> str:
    table_name, constant = arm
    title = {"infants": "Postures by age", "constant_shares": "Same shares at all ages"}
    told = title.get(table_name, plain_words(table_name))
    return told if constant is None else f"{told}, {constant:g}"


def _row(question: Question, milestone: str) -> tuple[str, ...]:
    one = Catalog.shipped().load(MilestonesSpec, MILESTONES).milestones[milestone]
    window = f"{one.mean.value:.1f} [{one.p1.value:.1f}, {one.p99.value:.1f}]"
    exercise, options = task(milestone)
    held = f", hands at the {options['support']}" if options["support"] else ""
    shown = (cell(courses_of(question, arm), milestone) for arm in question.arms)
    return (plain_words(milestone), f"{plain_words(exercise)}{held}", window, *shown)


def courses_of(question: Question, arm: Arm) -> list[MilestoneCourse]:
    """The courses of an arm that are there."""
    places = (question.place(arm, seed) for seed in question.seeds)
    return [one for one in map(read_course, places) if one.tests]


def legend(question: Question) -> Iterator[str]:
    """What the numbers are."""
    plan, rule = question.plan, Catalog.shipped().load(ProgressSpec, PROGRESS)
    brain = Catalog.shipped().load(BrainSpec, BRAIN)
    constant = brain.practice_minutes_per_minute.value
    yield (
        "Ages in months: the median, and each child in brackets, one a seed "
        f"({', '.join(map(str, question.seeds))}). All begin at {plan.from_months:g} months with "
        f"nothing learnt, play alone and are tested every {plan.every_weeks} weeks: a milestone is "
        f"reached with {100 * rule.reached.value:.0f} % of {plan.trials} trials. `>`: censored, "
        "not reached up to then, and the child was followed no longer; `at most`: in the first "
        f"test of it; {UNKNOWN}: not tried. The age at sitting without support is no prediction: "
        f"`practice_minutes_per_minute` ({constant:g}) was chosen so that it comes to WHO's mean. "
        "Shares of postures by age are partly an input to the other ages. Standing with "
        "assistance: infants hold on by themselves; here hands hold the child at the "
        f"{HELD[1]}, with firmness {HELD[2]:g}. Walking with assistance goes sideways only. Few "
        "children describe, they do not decide."
    )
    practised = [_practised(question, arm) for arm in question.arms]
    yield ""
    yield f"Practice that was simulated for a child: {'; '.join(practised)}."


def _practised(question: Question, arm: Arm) -> str:
    minutes = [one.tests[-1].practice_min for one in courses_of(question, arm)]
    told = f"{min(minutes):.0f} to {max(minutes):.0f} min" if minutes else UNKNOWN
    return f"{_heading(arm).lower()} {told}"


def comma_separated(question: Question) -> str:
    """All children, a row for each milestone, for programs."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ("free_play", "constant", "seed", "milestone", "age_months", "practice_min", "until_months")
    )
    for arm in question.arms:
        for seed in question.seeds:
            course = read_course(question.place(arm, seed))
            for name in question.milestones if course.tests else ():
                until = course.tests[-1].age_months
                at = (course.age_at(name), course.practice_at(name), until)
                told = (None if one is None else round(one, 3) for one in at)
                writer.writerow((*arm, seed, name, *told))
    return text.getvalue()


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def _names(kind: str, known: Sequence[str], text: str) -> tuple[str, ...]:
    for name in text.split(","):
        if name not in known:
            raise ArgumentTypeError(f"no {kind} '{name}'; {did_you_mean(name, known)}")
    return tuple(text.split(","))


def _tables(text: str) -> tuple[str, ...]:
    return _names("free play", Catalog.shipped().names(FreePlayTableSpec), text)


def _milestones(text: str) -> tuple[str, ...]:
    return _names("milestone", _all_milestones(), text)


def _all_milestones() -> tuple[str, ...]:
    return tuple(Catalog.shipped().load(MilestonesSpec, MILESTONES).milestones)


def _constants(text: str) -> tuple[float, ...]:
    try:
        return tuple(map(float, text.split(",")))
    except ValueError:
        raise ArgumentTypeError(f"'{text}': numbers are wanted, as 0.004,0.008") from None


def main(words: Sequence[str] | None = None) -> int:
    """Run what is missing, print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--free-play", type=_tables, default="infants,constant_shares")
    parser.add_argument("--constant", type=_constants, help="in place of the calibrated one")
    parser.add_argument("--milestones", type=_milestones, default=",".join(_all_milestones()))
    parser.add_argument("--seeds", type=seed_numbers, default="0,1,2")
    parser.add_argument("--from", dest="begin", type=ages, default="3", help="months")
    parser.add_argument("--until", type=ages, default="15", help="months")
    parser.add_argument("--budget", type=count, default=120, help="minutes of practice of a child")
    parser.add_argument("--every", type=count, default=2, help="weeks between two tests")
    parser.add_argument("--folder", type=Path, default=Path("runs/milestone_ages"))
    parser.add_argument("--table", type=Path, help="Markdown file; a CSV file is written beside it")
    parser.add_argument("--only-table", action="store_true", help="only tell what is there")
    parser.add_argument("--quick", action="store_true", help="tiny, to see that it works")
    given = parser.parse_args(words)
    question = _question(given)
    try:
        if not given.only_table:
            live(question)
        say(table(question))
        if given.table:
            write_text(given.table, table(question))
            write_text(given.table.with_suffix(".csv"), comma_separated(question))
    except InputError as problem:
        parser.error(str(problem))
    return 0


def _question(given: argparse.Namespace) -> Question:
    trials = Catalog.shipped().load(ProgressSpec, PROGRESS).trials.value
    plan = Plan(
        from_months=given.begin[0],
        every_weeks=given.every,
        trials=1 if given.quick else trials,
        is_quick=given.quick,
    )
    until = given.begin[0] + 0.9 * given.every / WEEKS_PER_MONTH
    return Question(
        tables=given.free_play,
        constants=given.constant or (None,),
        seeds=given.seeds[:1] if given.quick else given.seeds,
        milestones=given.milestones,
        plan=plan,
        until_months=until if given.quick else given.until[0],
        budget_min=given.budget,
        folder=given.folder,
    )


if __name__ == "__main__":
    sys.exit(main())
