"""The command ``dmi-sim evaluate``."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, NotRequired, TypedDict

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import (
    AllowOtherExercise,
    env_arguments,
    environment_or_infant,
    exercise_of,
)
from dmi_sim.tables import UNKNOWN, percent

if TYPE_CHECKING:
    from dmi_sim.rollout.environment import Env
    from dmi_sim.rollout.evaluate import EpisodeRow

SetArgument = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="An argument of the environment."),
]
Policy = Annotated[
    str,
    typer.Argument(
        help="A shipped policy (sitting_0), the folder of one, a model file of stable-baselines3 "
        "(.zip; loading it runs the pickles in it), an ONNX file, or module:function."
    ),
]
Environment = Annotated[
    str | None,
    typer.Option(
        "--environment",
        "--env",
        help="A Gymnasium id, such as DMI/Sitting-v1; DMI/Infant-v0 for every exercise. Default: "
        "that of its training, or each exercise that it practised.",
    ),
]
Episodes = Annotated[int, typer.Option(min=1, max=10_000, help="Episodes, each on its own seed.")]
Support = Annotated[
    str | None,
    typer.Option(
        help="Where hands hold during the test. Default: the exercise's most distal site."
    ),
]
Pushes = Annotated[
    bool | None, typer.Option("--pushes/--no-pushes", help="Default: as the exercise says.")
]


def evaluate(
    policy: Policy,
    environment: Environment = None,
    episodes: Episodes = 20,
    support: Support = None,
    pushes: Pushes = None,
    settings: SetArgument = None,
    allow_other_exercise: AllowOtherExercise = False,
) -> CommandResult:
    """Test a policy on fixed unseen seeds, with as little support as the exercise allows.

    A controller from elsewhere needs --environment. Actions are deterministic; the same command
    gives the same table. In hands, success counts for the child only where silent muscles and
    reflexes alone fail in the same hands. A policy of several exercises is tested in each, a row
    for each.
    """
    from dmi_sim.names import INFANT_ID
    from dmi_sim.study.run_manifest import CONTEXT_OF_USE

    exercises = _exercises(policy, environment)
    asked = _Asked(episodes, support, pushes, tuple(settings or ()), allow_other_exercise)
    if len(exercises) > 1:
        tests = {name: _tested(policy, name, asked) for name in exercises}
        lines = [*_exercise_lines(tests), f"Episodes: {episodes}. {CONTEXT_OF_USE}"]
        data = {"policy": policy, "exercises": tests, "context_of_use": CONTEXT_OF_USE}
        return CommandResult("\n".join(lines), data)
    # A curriculum of one exercise was practised in the environment of all: its exercise is named.
    of_one = environment or environment_or_infant(_trained_in(policy)) == INFANT_ID
    test = _tested(policy, exercises[0] if of_one else None, asked)
    last = f"Episodes: {episodes}, hands: {test['options']['support']}. {CONTEXT_OF_USE}"
    lines = [
        *_summary_lines(test["summary"]),
        *_credit_lines(test),
        *_never_practised([test]),
        last,
    ]
    return CommandResult(
        "\n".join(lines), {"policy": policy, **test, "context_of_use": CONTEXT_OF_USE}
    )


@dataclass(frozen=True)
class _Asked:
    """What a user asks of every test."""

    episodes: int
    support: str | None
    pushes: bool | None
    settings: tuple[str, ...]
    allow_other_exercise: bool


class _Credit(TypedDict):
    """Who is credited with success in hands, if any hold."""

    credit: NotRequired[dict[str, Any]]


class _Test(_Credit):
    """The test of a policy in one exercise."""

    exercise: str
    practised: bool | None
    """Whether the policy practised it; None if it does not tell."""
    options: dict[str, Any]
    episodes: list[dict[str, float]]
    summary: dict[str, dict[str, float]]


def _tested(policy: str, chosen: str | None, asked: _Asked) -> _Test:
    """The test in an exercise; in that of the training if none is chosen."""
    from dmi_sim.aliases import canonical
    from dmi_sim.catalog import Catalog
    from dmi_sim.rollout.evaluate import evaluate as run
    from dmi_sim.rollout.evaluate import summarise
    from dmi_sim.rollout.seeds import evaluation_seeds
    from dmi_sim.spec.exercise import ExerciseSpec
    from dmi_sim.spec.support import SupportSpec
    from dmi_sim.training.bundle import NEVER_PRACTISED
    from dmi_sim.training.library import open_controller

    exercise = chosen or exercise_of(_trained_in(policy))
    catalog, support = Catalog.shipped(), asked.support
    most_distal = catalog.load(ExerciseSpec, exercise).supports[-1]
    site = str(canonical(support, catalog.names(SupportSpec))) if support else most_distal
    arguments = env_arguments(exercise, asked.settings)
    options = {"support": site, **({} if asked.pushes is None else {"pushes": asked.pushes})}
    allowed = asked.allow_other_exercise
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", f".*{NEVER_PRACTISED}")  # the result tells it
        opened = open_controller(policy, arguments, chosen, allow_other_exercise=allowed)
        with opened as (env, controller):
            rows = run(controller, env, evaluation_seeds(asked.episodes), options)
            credit = _credit(env, rows, options)
    return {
        "exercise": exercise,
        "practised": _practised(policy, exercise),
        "options": options,
        "episodes": rows,
        "summary": summarise(rows),
        **credit,
    }


def _exercises(policy: str, environment: str | None) -> Sequence[str]:
    """The exercises in which a policy is to be tested.

    Raises:
        InputError: If there is no such environment, or nobody says in which.
    """
    from dmi_sim.names import INFANT_ID, exercises, is_old
    from dmi_sim.training.library import practised_by

    wanted = environment_or_infant(environment or _trained_in(policy))
    if wanted != INFANT_ID:
        return (exercise_of(wanted),)
    return [n for n in exercises() if not is_old(n)] if environment else practised_by(policy)


def _practised(policy: str, exercise: str) -> bool | None:
    from dmi_sim.training.foreign import is_foreign
    from dmi_sim.training.library import practised_by

    return None if is_foreign(policy) else exercise in practised_by(policy)


def _credit(env: "Env", rows: Sequence["EpisodeRow"], options: Mapping[str, object]) -> "_Credit":
    """Who is credited with success; nothing where no hands hold."""
    from dmi_sim.rollout.controls import CREDIT_RULE, credit_shares, credited

    if options["support"] == "none":
        return {}
    found = credited(env, {int(row["seed"]): bool(row["success"]) for row in rows}, options)
    shares = credit_shares(found.values())
    return {"credit": {**shares, "episodes": list(found.values()), "rule": CREDIT_RULE}}


def _credit_lines(test: _Test) -> Iterator[str]:
    told = test.get("credit")
    if told:
        yield (
            f"Success of the child: {percent(told['child'])}, of the hands: "
            f"{percent(told['hands'])}. {told['rule']}"
        )


def _trained_in(policy: str) -> str:
    """The environment that a policy of ours was trained in.

    Raises:
        InputError: If it is none of ours, or not whole.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.training.bundle import read_bundle_manifest
    from dmi_sim.training.foreign import is_foreign
    from dmi_sim.training.library import policy_folder

    if is_foreign(policy):
        raise InputError(f"{policy}: say in which environment, as --environment DMI/Sitting-v1")
    return read_bundle_manifest(policy_folder(policy)).metadata.environment_id


_COLUMNS = {
    "success": "success", "completion": "done", "muscle_power_w_kg": "W/kg",
    "fast_movement_share": "fast", "head_tilt_mean_rad": "head rad",
    "support_share_mean": "in hands", "yaw_drift_rad_min": "yaw rad/min",
}  # fmt: skip
"""Outcomes in the table of several exercises, with the heads of their columns."""


def _exercise_lines(tests: Mapping[str, _Test]) -> Iterator[str]:
    """Means over the episodes, a row for each exercise."""
    from dmi_sim.tables import columns

    summaries = {name: test["summary"] for name, test in tests.items()}
    told = [name for name in _COLUMNS if all(name in one for one in summaries.values())]
    rows = [
        (
            name,
            *(f"{one[outcome]['mean']:.3g}" for outcome in told),
            tests[name]["options"]["support"],
        )
        for name, one in summaries.items()
    ]
    head = ("", *(_COLUMNS[name] for name in told), "hands")
    yield from columns(f"<{max(map(len, tests))}" + " >11" * len(told) + " >14", [head, *rows])
    yield from _never_practised([*tests.values()])


def _never_practised(tests: Sequence[_Test]) -> Iterator[str]:
    names = [test["exercise"] for test in tests if test["practised"] is False]
    if names:
        yield f"This policy never practised {', '.join(names)}."


def _summary_lines(summary: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Mean and spread over the episodes, a row per outcome: success, how calmly, then all else."""
    from dmi_sim.outcome.calm import CALM
    from dmi_sim.tables import columns

    names = ("mean", "sd", "min", "max")
    first = ("total_reward", "success", "completion", "fell", *CALM)
    rows = [
        (outcome, *(_told(summary[outcome][name]) for name in names))
        for outcome in dict.fromkeys((*first, *summary))
    ]
    yield from columns(f"<{max(map(len, summary))} >10 >10 >10 >10", [("", *names), *rows])


def _told(value: float) -> str:
    """A number in four digits; a dash where it is not known."""
    return f"{value:.4g}" if isfinite(value) else UNKNOWN
