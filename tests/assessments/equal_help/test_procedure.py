"""Hands are measured without learning, and those that studies call matched help alike."""

from collections.abc import Iterator
from contextlib import closing
from functools import cache

import pytest

from dmi_sim.assessments.equal_help.procedure import EPISODES, equal_help, help_given
from dmi_sim.assessments.equal_help.result import HELP, HandsHelp
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.studies import Study
from dmi_sim.spec.study import StudySpec

SHIPPED = Catalog.shipped()
SEEDS = evaluation_seeds(2)
MATCHED = [
    (name, arm)
    for name in SHIPPED.names(Study)
    if isinstance(study := SHIPPED.load(Study, name), StudySpec)
    for arm, spec in study.arms.items()
    if spec.matched_in is not None
]
"""Every arm of every shipped study whose hands are matched in help."""


@pytest.fixture(scope="module")
def env() -> Iterator[Env]:
    with closing(make_environment("DMI/Standing-v1", {"age_months": 12.0})) as made:
        yield made


def test_no_hands_give_nothing(env: Env) -> None:
    alone = help_given(env, "none", 1.0, SEEDS)
    assert (alone.impulse_n_s, alone.load_s, alone.falls) == (0.0, 0.0, len(SEEDS))


def test_firmer_hands_at_the_thighs_give_more_in_every_sense(env: Env) -> None:
    soft, firm = (help_given(env, "thighs", one, SEEDS) for one in (0.05, 1.0))
    assert all(one.amount(firm) > one.amount(soft) for one in HELP.values())


def test_hands_at_the_feet_cannot_help_as_much_as_firm_ones_at_the_thighs() -> None:
    found = equal_help("standing", "thighs", 0.5, ["feet", "thighs", "none"], episodes=1)
    assert {one.site for one in found.matches} == {"feet"}
    assert not any(one.is_possible for one in found.matches)
    assert list(found.at_firmness) == ["thighs", "feet", "none"]


def test_hands_that_give_nothing_cannot_be_equalled() -> None:
    with pytest.raises(InputError, match="no help to be equalled"):
        equal_help("standing", "none", 0.2, ["pelvis"])


@cache
def help_to_reflexes(exercise: str, age_months: float, site: str, firmness: float) -> HandsHelp:
    """The help of hands to an infant that does not learn; what arms are matched to is met once."""
    with closing(make_environment(environment_id(exercise), {"age_months": age_months})) as env:
        return help_given(env, site, firmness, evaluation_seeds(EPISODES))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "arm"), MATCHED)
def test_hands_that_a_shipped_study_calls_matched_help_alike(name: str, arm: str) -> None:
    study = SHIPPED.load(StudySpec, name)
    own, like = study.arms[arm], study.arms[study.matched_to or ""]
    given, asked, nothing = (
        help_to_reflexes(study.exercise, study.ages_months[0], site, firmness)
        for site, firmness in (
            (str(own.support), own.support_strength),
            (str(like.support), like.support_strength),
            ("none", 1.0),
        )
    )
    assert own.matched_in is not None
    amount = HELP[own.matched_in].amount
    # as near to each other as a tenth of the help, or as two of a hundred falls
    near = max(0.1 * (amount(asked) - amount(nothing)), 0.02 * abs(amount(asked)))
    assert amount(given) == pytest.approx(amount(asked), abs=near)
