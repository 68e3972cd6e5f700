"""Words of therapists and parents: taken for names, recorded as names, told in refusals."""

import dataclasses
from typing import Any

import gymnasium as gym
import pytest

import dmi_sim
from dmi_sim.aliases import ALIASES, SEVERITIES, canonical, months_of
from dmi_sim.catalog import Catalog
from dmi_sim.cli.card import card
from dmi_sim.cli.demand import demand
from dmi_sim.cli.options import env_arguments, environment_of, months, severity_number
from dmi_sim.errors import did_you_mean
from dmi_sim.infant import SEXES, Infant
from dmi_sim.names import INFANT_ID, exercises, old_environments, old_exercises
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.studies import Study
from dmi_sim.spec.support import SupportSpec

SHIPPED = Catalog.shipped()
SUPPORTS, CONDITIONS = SHIPPED.names(SupportSpec), SHIPPED.names(ConditionSpec)
NAMES = {*SUPPORTS, *CONDITIONS, *exercises(), *SEXES, *SHIPPED.names(Study)}


@pytest.mark.parametrize("alias", ALIASES)
def test_every_alias_stands_for_one_name_and_is_none_itself(alias: str) -> None:
    assert ALIASES[alias] in NAMES
    assert alias not in NAMES
    assert alias == alias.lower().replace(" ", "_")


@pytest.mark.parametrize("alias", ALIASES)
def test_a_refusal_tells_the_name_that_an_alias_stands_for(alias: str) -> None:
    assert did_you_mean(alias, NAMES) == f"did you mean '{ALIASES[alias]}'?"


def test_a_misspelt_alias_is_understood_and_spelling_still_counts() -> None:
    assert did_you_mean("armpitz", SUPPORTS) == "did you mean 'axillae'?"
    assert did_you_mean("pelvs", SUPPORTS) == "did you mean 'pelvis'?"
    assert did_you_mean("hipp", ["hip", "knee"]) == "did you mean 'hip'?"


@pytest.mark.parametrize("word", ["Down syndrome", "down-syndrome", " DOWNS ", "trisomy 21"])
def test_capitals_blanks_and_hyphens_do_not_matter(word: str) -> None:
    assert canonical(word, CONDITIONS) == "down_syndrome"


@pytest.mark.parametrize("word", [None, 3, "", "hopss", ["hips"]])
def test_what_stands_for_nothing_stays_as_it_is(word: object) -> None:
    assert canonical(word, SUPPORTS) is word


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("severity", SEVERITIES)
def test_an_infant_in_words_is_the_infant_in_numbers(severity: str, condition: str) -> None:
    words = [word for word, name in ALIASES.items() if name == condition]
    number = SEVERITIES[severity]
    for word in words:
        assert Infant.from_spec("6 months", "female", word, severity) == Infant.from_spec(
            6.0, "female", condition, number
        )


def test_an_environment_takes_words_and_knows_names() -> None:
    sex: Any = "girl"
    env: Any = gym.make(
        "DMI/Sitting-v1", age_months="6m", sex=sex, condition="floppy", severity="mild",
        support="hips",
    )  # fmt: skip
    config = env.unwrapped.build.config
    found = (config.age_months, config.sex, config.condition, config.severity, config.support)
    assert found == (6.0, "female", "hypotonia", 0.25, "pelvis")
    env.reset(seed=0, options={"support": "armpits"})
    env.close()


def test_the_command_line_takes_words_and_records_names() -> None:
    answer = demand(age=6, condition="cp", option=["topography=diplegia"])
    assert answer.data["condition"] == "spastic_cp"
    assert card("floppy").data["condition"] == "hypotonia"
    chosen = env_arguments("sitting", ["condition=cp", "support=armpits", "severity=severe"])
    assert chosen == {"condition": "spastic_cp", "support": "axillae", "severity": 0.75}
    assert (months("6m"), severity_number("mild")) == (6.0, 0.25)


@pytest.mark.parametrize("word", ["sitting", "sit", "DMI/Sitting-v1", "dmi_sim:DMI/Sitting-v1"])
def test_an_environment_is_found_by_its_exercise_and_other_words(word: str) -> None:
    assert environment_of(word) == "DMI/Sitting-v1"


def test_every_exercise_is_found_by_its_name() -> None:
    assert (*map(environment_of, exercises()), INFANT_ID) == dmi_sim.environments()
    assert tuple(map(environment_of, old_exercises())) == old_environments()


@pytest.mark.parametrize(
    ("written", "age_months"),
    [("6m", 6), ("6 months", 6), ("6 months old", 6), ("10mo", 10), ("3 weeks", 21 / 30.4375),
     ("10d", 10 / 30.4375), ("1.5 years", 18), ("2y", 24)],
)  # fmt: skip
def test_an_age_may_be_written_with_its_unit(written: str, age_months: float) -> None:
    assert months_of(written) == pytest.approx(age_months)


@pytest.mark.parametrize("written", ["6", "m", "six months", "6 mm", "-3m", None, 6])
def test_what_is_no_age_with_a_unit_stays_as_it_is(written: object) -> None:
    assert months_of(written) is written


def test_what_is_recorded_rebuilds_the_same_infant() -> None:
    config = Infant.from_spec("6m", condition="premature", severity="mild").config
    plain: dict[str, Any] = dataclasses.asdict(config)
    plain["condition_options"] = dict(config.condition_options)
    assert Infant.from_spec(**plain).config == config
