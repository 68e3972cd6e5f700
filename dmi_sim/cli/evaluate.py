"""The command ``dmi-sim evaluate``."""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import AllowOtherExercise, env_arguments, exercise_of
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
        help="A Gymnasium id, such as DMI/Sitting-v1. Default: that of its training.",
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
    reflexes alone fail in the same hands.
    """
    from dmi_sim.aliases import canonical
    from dmi_sim.catalog import Catalog
    from dmi_sim.rollout.evaluate import evaluate as run
    from dmi_sim.rollout.evaluate import summarise
    from dmi_sim.rollout.seeds import evaluation_seeds
    from dmi_sim.spec.exercise import ExerciseSpec
    from dmi_sim.spec.support import SupportSpec
    from dmi_sim.study.store import CONTEXT_OF_USE
    from dmi_sim.training.library import open_controller

    exercise = exercise_of(environment or _trained_in(policy))
    catalog = Catalog.shipped()
    most_distal = catalog.load(ExerciseSpec, exercise).supports[-1]
    site = str(canonical(support, catalog.names(SupportSpec))) if support else most_distal
    arguments = env_arguments(exercise, settings or ())
    options = {"support": site, **({} if pushes is None else {"pushes": pushes})}
    chosen = exercise if environment else None
    opened = open_controller(policy, arguments, chosen, allow_other_exercise=allow_other_exercise)
    with opened as (env, controller):
        rows = run(controller, env, evaluation_seeds(episodes), options)
        credit = _credit(env, rows, options)
    summary = summarise(rows)
    last = f"Episodes: {episodes}, hands: {site}. {CONTEXT_OF_USE}"
    text = "\n".join([*_summary_lines(summary), *_credit_lines(credit), last])
    data = {"policy": policy, "options": options, "episodes": rows, "summary": summary, **credit}
    return CommandResult(text, {**data, "context_of_use": CONTEXT_OF_USE})


def _credit(
    env: "Env", rows: Sequence["EpisodeRow"], options: Mapping[str, object]
) -> dict[str, dict[str, Any]]:
    """Who is credited with success, as ``credit``; nothing where no hands hold."""
    from dmi_sim.rollout.controls import CREDIT_RULE, credit_shares, credited

    if options["support"] == "none":
        return {}
    found = credited(env, {int(row["seed"]): bool(row["success"]) for row in rows}, options)
    shares = credit_shares(found.values())
    return {"credit": {**shares, "episodes": list(found.values()), "rule": CREDIT_RULE}}


def _credit_lines(credit: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for told in credit.values():
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
