"""Options that describe the infant, and arguments of its environment."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from dmi_sim.aliases import SEVERITIES, months_of, severity_of

if TYPE_CHECKING:
    from dmi_sim.condition.size import ChosenSize
    from dmi_sim.infant import Infant
    from dmi_sim.training.bundle import Setting


def months(text: str) -> float:
    """An age in months from the command line, such as ``6``, ``6m``, ``3 weeks`` or ``10d``.

    Raises:
        typer.BadParameter: If it is no age from 0 to 24 months.
    """
    return _number(text, months_of(text), 24, "write months, or 3 weeks, 10d, 1.5y")


def severity_number(text: str) -> float:
    """A severity from the command line: a number, or ``mild``, ``moderate`` or ``severe``.

    Raises:
        typer.BadParameter: If it is neither.
    """
    return _number(text, severity_of(text), 1, f"or {', '.join(SEVERITIES)}")


def _number(text: str, value: object, highest: float, forms: str) -> float:
    try:
        number = float(cast("str", value))
    except ValueError:
        number = -1.0
    if not 0 <= number <= highest:
        raise typer.BadParameter(
            f"'{text}' should be greater than or equal to 0 and less than or equal to "
            f"{highest:g}; {forms}"
        )
    return number


def age_option(words: str) -> Any:
    """The option of an age, with the words that its help has.

    Args:
        words: Help of the option.
    """
    return typer.Option(parser=months, metavar="MONTHS", min=0, max=24, help=words)


SEVERITY: Any = typer.Option(
    parser=severity_number,
    metavar="SEVERITY",
    min=0,
    max=1,
    help="Severity of the condition, 0 to 1, or mild, moderate, severe.",
)
"""The option of a severity, which some commands need not have."""
Age = Annotated[float, age_option("Since birth: 6, '6 weeks' or 10d.")]
Sex = Annotated[Literal["female", "male"], typer.Option(help="Sex of the infant.")]
Condition = Annotated[str, typer.Option(help="A file in models/conditions/.")]
Severity = Annotated[float, SEVERITY]
Option = Annotated[
    list[str] | None, typer.Option(help="A choice of the condition, as name=value; repeatable.")
]
LengthZ = Annotated[float, typer.Option(min=-5, max=5, help="Standard score of length, -5 to 5.")]
WeightZ = Annotated[float, typer.Option(min=-5, max=5, help="Standard score of weight, -5 to 5.")]
MassKg = Annotated[
    float | None,
    # Wide, so that grams are answered with a hint and not with a bare range.
    typer.Option(min=0, max=100_000, help="Body mass in kilograms, in place of --weight-z."),
]
LengthM = Annotated[
    float | None,
    typer.Option(min=0, max=10_000, help="Body length in metres, in place of --length-z."),
]
LARGEST_SEED = 2**31 - 1
"""Largest seed, the same that studies allow."""


def chosen_infant(
    age: float,
    sex: 'Literal["female", "male"]',
    condition: str,
    severity: float,
    option: Sequence[str] | None,
    size: "ChosenSize",
) -> "Infant":
    """The infant that options describe.

    Raises:
        InputError: If there is no such infant.
    """
    from dataclasses import asdict

    from dmi_sim.infant import Infant

    options = condition_options(option)
    return Infant.from_spec(age, sex, condition, severity, options, **asdict(size))


def infant_data(infant: "Infant") -> dict[str, object]:
    """Who an infant is, with its size in both ways in which it can be said."""
    from dmi_sim.infant import who

    return {**who(infant), "mass_kg": infant.mass_kg, "length_m": infant.length_m}


Run = Annotated[
    Path, typer.Argument(help="Folder of a run, or a study, whose newest run is then taken.")
]


AllowOtherExercise = Annotated[
    bool,
    typer.Option(
        "--allow-other-exercise",
        help="Use a policy in an exercise that it never practised, if it sees and moves the same.",
    ),
]


def condition_options(settings: Sequence[str] | None) -> dict[str, object]:
    """Options of a condition from ``--option name=value``, values read as YAML.

    Raises:
        InputError: If one has no ``=``.
    """
    from dmi_sim.catalog import parse_yaml
    from dmi_sim.errors import InputError

    pairs = [setting.partition("=") for setting in settings or ()]
    for name, equals, _ in pairs:
        if not equals:
            raise InputError(f"--option {name}: write it as name=value")
    return {name.strip(): parse_yaml(value, f"--option {name}") for name, _, value in pairs}


def exercise_of(environment: str) -> str:
    """The file in ``envs/`` that a Gymnasium id stands for.

    Raises:
        InputError: If there is none, or the id holds them all.
    """
    from dmi_sim.aliases import canonical
    from dmi_sim.errors import InputError, did_you_mean
    from dmi_sim.names import INFANT_ID, environment_id, exercises, old_exercises

    known = {environment_id(name): name for name in (*old_exercises(), *exercises())}
    environment = environment.removeprefix("dmi_sim:")
    exercise = str(canonical(environment, known.values()))
    if exercise in known.values():
        return exercise
    if environment == INFANT_ID:
        raise InputError(f"{INFANT_ID} holds every exercise; name one, such as DMI/Sitting-v1")
    if environment not in known:
        raise InputError(f"{environment}: no such environment; {did_you_mean(environment, known)}")
    return known[environment]


def environment_of(word: str) -> str:
    """The Gymnasium id that a user means: an id, an exercise, or another word for one.

    Raises:
        InputError: If there is none.
    """
    from dmi_sim.names import environment_id

    return environment_id(exercise_of(word))


def environment_or_infant(word: str) -> str:
    """The Gymnasium id that a user means, that of the environment of all exercises too.

    Raises:
        InputError: If there is none.
    """
    from dmi_sim.names import INFANT_ID

    plain = word.removeprefix("dmi_sim:")
    return INFANT_ID if plain in (INFANT_ID, "infant") else environment_of(word)


def env_arguments(exercise: str, settings: Sequence[str]) -> "dict[str, Setting]":
    """Arguments of an environment from ``key=value`` settings.

    ``rewards.NAME.weight=value`` sets the weight of a reward term.

    Raises:
        InputError: If it takes no such argument, or not such a value.
    """
    from pydantic import TypeAdapter, ValidationError

    from dmi_sim.env.config import EnvConfig, build_env, plain_config
    from dmi_sim.errors import InputError, did_you_mean

    chosen = plain_config(_chosen(settings))
    known = TypeAdapter(EnvConfig).json_schema()["properties"].keys() - {"exercise"}
    for name in chosen.keys() - known:
        raise InputError(f"--set {name}: no such argument; {did_you_mean(name, known)}")
    try:
        config = TypeAdapter(EnvConfig).validate_python({"exercise": exercise, **chosen})
    except ValidationError as error:
        lines = (
            f"--set {one['loc'][0]}: {one['msg'].removeprefix('Value error, ')}"
            for one in error.errors()
        )
        raise InputError(*lines) from None
    build_env(config)
    return {name: getattr(config, name) for name in chosen}


def _nested(settings: Sequence[str]) -> dict[str, object]:
    """Values by key, those of ``support.site=pelvis`` inside the mapping of their first key.

    Raises:
        InputError: If a key goes through a value that is no mapping.
    """
    from dmi_sim.catalog import parse_setting
    from dmi_sim.errors import InputError

    chosen: dict[str, object] = {}
    for key, value in map(parse_setting, settings):
        here, (*outer, last) = chosen, key.split(".")
        for name in outer:
            inner = here.setdefault(name, {})
            if not isinstance(inner, dict):
                raise InputError(f"--set {key}: '{name}' has no keys inside")
            here = cast("dict[str, object]", inner)
        here[last] = value
    return chosen


def _chosen(settings: Sequence[str]) -> dict[str, object]:
    """Values by key; ``rewards.NAME.weight`` and ``on_fall.NAME.weight`` in ``reward_weights``.

    >>> _chosen(["sex=male", "rewards.effort.weight=-1"])
    {'sex': 'male', 'reward_weights': {'effort': -1}}
    """
    import re

    from dmi_sim.catalog import parse_setting

    pattern = re.compile(r"(?:rewards|on_fall)\.([^.=]+)\.weight=")
    weights = {
        match[1].strip(): parse_setting(setting)[1]
        for setting in settings
        if (match := pattern.match(setting))
    }
    plain = _nested([setting for setting in settings if not pattern.match(setting)])
    return {**plain, "reward_weights": weights} if weights else plain
