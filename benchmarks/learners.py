"""Let PPO, SAC and TD3 learn exercises: steps and time of computing until they succeed, and calm.

``python benchmarks/learners.py [--exercises sitting,prone_propping,quadruped]
[--learners ppo,sac,td3] [--modes posture] [--seeds 0] [--steps 300000] [--until success]
[--set net_arch=[128,128]] [--out runs/learners] [--table docs/tables/learners.md]``
trains each learner through the package's own trainer, in each action mode and with each seed. Every
so many steps (``--every``) the policy plays ten unseen episodes without exploring; eight of them
are success. Budget, environments and discount are the same for all learners; ``--set`` changes them
and the settings of PPO, ``--set learner.KEY=VALUE`` those of the others. Training goes on to the
end of the budget, or with ``--until success`` to the first success; then other unseen episodes tell
success and calm.

Each cell is written to ``--out`` after each test. One that is done is not done again, so that what
was stopped goes on with the cell in which it stopped; ``--only-table`` writes the table of what is
there. Minutes a cell for PPO, many more for the others. Times are of one thread, tests not counted.
"""

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import product
from math import isfinite
from pathlib import Path
from time import process_time
from typing import Literal

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below

import numpy as np

from dmi_sim.assessments.exercise_comparison.text import CALM_WORDS, SCORE_HEAD, score_cells
from dmi_sim.assessments.motor_ladder.result import NOTICE
from dmi_sim.benchmark.training import TESTS, WANTED
from dmi_sim.catalog import Catalog, override
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.files import write_text
from dmi_sim.names import environment_id
from dmi_sim.outcome.calm import CALM
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.evaluate import evaluate, summarise
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.base import Strict
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.training import LearnerSpec
from dmi_sim.tables import markdown
from dmi_sim.training.plan import TrainingPlan
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.trainer import Trainer
from dmi_sim.training.validation import FIRST_VALIDATION_SEED

LEARNERS = ("ppo", "sac", "td3")
_OTHERS = "learner."
"""Before settings of SAC and TD3, as in ``dmi-sim train``."""
SCORES = ("success", "completion", *CALM)
"""Outcomes that tell what came out in the end."""
HEAD = ("Environment", "Actions", "Learner", "Seed", "Network", "Steps to success", "CPU minutes")
LEGEND = (
    f"Steps to success: control steps of practice until {WANTED} of {TESTS} unseen episodes "
    "succeeded, tested every {every} steps or, where a chunk of practice is longer, after each "
    "chunk. CPU minutes: time of computing up to there, of one thread, tests not counted. Who did "
    "not get there has the steps and the minutes that it had. The other columns tell of the policy "
    "{then}, in ten further unseen episodes."
)
THEN: Mapping[str, str] = {"success": "there", "budget": "at the end of the budget"}
Until = Literal["success", "budget"]


class Test(Strict):
    """What a policy could do at one point of practice."""

    steps: int
    """Control steps of practice before."""
    cpu_s: float
    """Time of computing of this practice [s]."""
    success: float
    """Share of episodes with success."""
    completion: float
    """Mean completed share of the exercise."""


class Cell(Strict):
    """What one learner made of one exercise with one seed."""

    plan: TrainingPlan
    every: int
    """Control steps between two tests."""
    until: Until
    """When practice ended."""
    tests: tuple[Test, ...] = ()
    scores: dict[str, float] = {}
    """Means of the outcomes in the end, without those that are unknown; none before the end."""

    @property
    def name(self) -> str:
        """Name of its file."""
        mode = str(self.plan.environment_kwargs["action_mode"])
        exercise = self.plan.environment_id.removeprefix("DMI/")
        return f"{exercise}-{mode}-{self.learner}-{self.plan.seed}"

    @property
    def learner(self) -> str:
        """Name of the algorithm."""
        return self.plan.learner.algorithm if self.plan.learner else LEARNERS[0]

    @property
    def first_success(self) -> Test | None:
        """The first test that was a success."""
        return next((test for test in self.tests if test.success * TESTS >= WANTED), None)


def planned(given: argparse.Namespace) -> tuple[Cell, ...]:
    """The cells that the command line asks for, none of them done.

    Raises:
        InputError: If a name or a setting is refused.
    """
    for name, known in (("learners", LEARNERS), ("modes", ACTION_MODES)):
        for one in getattr(given, name):
            if one not in known:
                raise InputError(f"--{name}: no '{one}'; {did_you_mean(one, known)}")
    sides = (given.exercises, given.modes, given.learners, given.seeds)
    return tuple(_planned(*one, given) for one in product(*sides))


def _planned(exercise: str, mode: str, learner: str, seed: int, given: argparse.Namespace) -> Cell:
    catalog = Catalog.shipped()
    spec = catalog.load(ExerciseSpec, exercise)
    hands = {"support": spec.training_support} if spec.training_support else {}
    plan = TrainingPlan(
        environment_id=environment_id(exercise),
        environment_kwargs={"action_mode": mode, **hands},
        training=override(spec.training, [f"total_steps={given.steps}", *_settings(given.set)]),
        learner=_learner(learner, _settings(given.set, _OTHERS)),
        seed=seed,
    )
    return Cell(plan=plan, every=given.every, until=given.until)


def _settings(settings: Sequence[str], prefix: str = "") -> list[str]:
    """Settings with a prefix, without it; or those that have none."""
    if prefix:
        return [one.removeprefix(prefix) for one in settings if one.startswith(prefix)]
    return [one for one in settings if not one.startswith(_OTHERS)]


def _learner(name: str, settings: Sequence[str]) -> LearnerSpec | None:
    if name == LEARNERS[0]:
        return None
    return override(Catalog.shipped().load(LearnerSpec, name), settings)


def stages(cell: Cell) -> Iterator[Cell]:
    """The cell after each test of its practice, and last with the scores in the end."""
    plan = cell.plan
    make_env = partial(make_environment, plan.environment_id, plan.environment_kwargs)
    with (
        closing(Trainer.start(make_env, plan.training, plan.seed, learner=plan.learner)) as trainer,
        closing(make_env()) as env,
    ):
        tested(None, env, 0, 0.0)  # compiles what is timed below
        for test in tests_along(trainer, env, plan.training.total_steps, cell.every):
            cell = cell.model_copy(update={"tests": (*cell.tests, test)})
            say(f"{cell.name}: {told(test)}")
            yield cell
            if cell.until == "success" and cell.first_success:
                break
        yield cell.model_copy(update={"scores": scores(trainer.policy, env)})


def told(test: Test) -> str:
    """A test in a line."""
    done = f"success {test.success:.0%}, completed {test.completion:.0%}"
    return f"{test.steps:,} steps, {test.cpu_s:.0f} s of computing, {done}"


def tests_along(trainer: Trainer, env: Env, budget: int, every: int) -> Iterator[Test]:
    """Practise to the end of the budget, and test the policy on the way."""
    cpu_s = 0.0
    while trainer.steps < budget:
        began_s = process_time()
        trainer.train_until(min(trainer.steps + every, budget))
        cpu_s += process_time() - began_s
        yield tested(trainer.policy, env, trainer.steps, cpu_s)


def tested(policy: Controller | None, env: Env, steps: int, cpu_s: float) -> Test:
    """A test on the seeds of validations, which are not those of the scores in the end."""
    seeds = range(FIRST_VALIDATION_SEED, FIRST_VALIDATION_SEED + TESTS)
    rows = evaluate(policy, env, seeds)
    success, completion = (
        float(np.mean([row[name] for row in rows])) for name in ("success", "completion")
    )
    return Test(steps=steps, cpu_s=cpu_s, success=success, completion=completion)


def scores(policy: NumpyPolicy, env: Env) -> dict[str, float]:
    """Means of what a policy does in unseen episodes; without what is unknown."""
    means = summarise(evaluate(policy, env, evaluation_seeds(TESTS)))
    return {name: means[name]["mean"] for name in SCORES if isfinite(means[name]["mean"])}


def kept(cell: Cell, folder: Path) -> Cell | None:
    """The cell as a file holds it; None if there is none.

    Raises:
        InputError: If the file is of another plan.
    """
    path = folder / f"{cell.name}.json"
    if not path.exists():
        return None
    found = Cell.model_validate_json(path.read_text(encoding="utf-8"))
    lines = list(found.plan.differences(cell.plan))
    lines += [
        f"{name}: was {getattr(found, name)}, now {getattr(cell, name)}"
        for name in ("every", "until")
        if getattr(found, name) != getattr(cell, name)
    ]
    if lines:
        raise InputError(*(f"{path}: {line}; name another --out" for line in lines))
    return found


def table(cells: Sequence[Cell]) -> str:
    """A table of the cells that are done, in Markdown."""
    rules = sorted({(cell.every, cell.until) for cell in cells})
    legends = [LEGEND.format(every=f"{every:,}", then=THEN[until]) for every, until in rules]
    rows = [_row(cell) for cell in cells]
    return "\n".join((*markdown((*HEAD, *SCORE_HEAD), rows), "", *legends, CALM_WORDS, NOTICE, ""))


def _row(cell: Cell) -> tuple[str, ...]:
    plan, reached = cell.plan, cell.first_success
    network = (plan.learner or plan.training).net_arch
    last = reached or cell.tests[-1]
    return (
        f"`{plan.environment_id}`",
        str(plan.environment_kwargs["action_mode"]),
        cell.learner.upper(),
        str(plan.seed),
        " x ".join(map(str, network)),
        f"{last.steps:,}" if reached else f"not in {last.steps:,}",
        f"{last.cpu_s / 60:.1f}",
        *score_cells(cell.scores),
    )


def say(line: str) -> None:
    """Print a line as soon as it is known."""
    print(line, flush=True)  # noqa: T201


def _words(text: str) -> list[str]:
    return text.split(",")


def _count(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _seeds(text: str) -> list[int]:
    seeds = [int(one) for one in _words(text)]
    if min(seeds) < 0:
        raise ValueError
    return seeds


def arguments() -> argparse.ArgumentParser:
    """What the command line takes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--exercises", type=_words, default=["sitting", "prone_propping", "quadruped"]
    )
    parser.add_argument("--learners", type=_words, default=[*LEARNERS])
    parser.add_argument("--modes", type=_words, default=["posture"])
    parser.add_argument("--seeds", type=_seeds, default=[0])
    parser.add_argument("--steps", type=_count, default=300_000)
    parser.add_argument("--every", type=_count, default=16_384)
    parser.add_argument("--until", choices=[*THEN], default="budget")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--out", type=Path, default=Path("runs/learners"))
    parser.add_argument("--table", type=Path)
    parser.add_argument("--only-table", action="store_true")
    return parser


def main() -> None:
    """Do the cells that are missing, and print or write the table."""
    parser = arguments()
    given = parser.parse_args()
    try:
        cells = planned(given)
        found = [kept(cell, given.out) for cell in cells]
    except InputError as problem:
        parser.error(str(problem))
    for place, cell in enumerate(cells):
        before = found[place]
        if given.only_table or (before and before.scores):
            continue
        for stage in stages(cell):
            found[place] = stage
            write_text(given.out / f"{cell.name}.json", stage.model_dump_json(indent=2) + "\n")
    text = table([cell for cell in found if cell])
    if given.table:
        write_text(given.table, text)
    say(text)


if __name__ == "__main__":
    main()
