"""Segmental assessment of an infant with reflexes only and of a feedback sitter."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.assessments.trunk_control.examiner import Examiner
from dmi_sim.assessments.trunk_control.judgement import posture_of
from dmi_sim.assessments.trunk_control.procedure import level_at, segmental_bundle, sitting_env
from dmi_sim.assessments.trunk_control.result import NOT_TESTED
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.spec.assessment import SegmentalSpec
from tests.assessments.sitters import upright

RULES = Catalog.shipped().load(SegmentalSpec, "trunk")
SITES = tuple(level.site for level in RULES.levels if level.site)


@pytest.fixture(scope="module")
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(EnvConfig("sitting"))
    yield env
    env.close()


@pytest.mark.parametrize("site", SITES)
def test_the_examiner_does_not_hold_the_head_for_a_limp_infant(env: PostureEnv, site: str) -> None:
    env.reset(seed=1, options={"support": site, "silent_muscles": True})
    zero_action = np.zeros(len(env.action_names), np.float32)
    states = [env.state]
    while env.state.time_s < 1.0 and not env.step(zero_action)[2]:
        states.append(env.state)
    assert np.degrees(posture_of([*states, env.state]).head_rad.max()) > 80


def test_reflexes_alone_hold_nothing_above_the_pelvis(env: PostureEnv) -> None:
    pelvis = level_at(RULES, "pelvis")
    examiner = Examiner(None, env, RULES)
    verdicts = {examiner.assess(c, pelvis).verdict for c in ("static", "active", "reactive")}
    assert verdicts == {"absent"}


def test_a_sitter_by_feedback_sits_still_in_hands_and_alone(env: PostureEnv) -> None:
    examiner = Examiner(upright(env), env, RULES)
    for site in ("shoulder_girdle", "none"):
        assert examiner.assess("static", level_at(RULES, site)).verdict == "present"


def test_who_holds_the_head_alone_sits_in_high_hands_alone(env: PostureEnv) -> None:
    examiner = Examiner(upright(env, 0.0, head=1.0), env, RULES)
    assert examiner.assess("static", level_at(RULES, "axillae")).verdict == "present"
    assert examiner.assess("static", level_at(RULES, "none")).verdict == "absent"


def test_a_turn_of_the_head_goes_about_45_degrees_to_each_side(env: PostureEnv) -> None:
    trial = Examiner(upright(env), env, RULES).assess("active", level_at(RULES, "shoulder_girdle"))
    assert trial.verdict == "present"
    assert 35 < np.degrees(trial.trials[0].seen["reached_rad"]) < 60


def test_trials_stop_when_the_majority_is_clear(env: PostureEnv) -> None:
    trial = Examiner(None, env, RULES).assess("static", level_at(RULES, "none"))
    assert (len(trial.trials), trial.passed) == (2, 0)


def test_repeated_assessments_give_the_same_finding(env: PostureEnv) -> None:
    examiner, level = Examiner(upright(env, 0.5), env, RULES), level_at(RULES, "pelvis")
    assert examiner.assess("reactive", level) == examiner.assess("reactive", level)


def test_a_level_without_a_support_site_is_not_tested(env: PostureEnv) -> None:
    level = next(level for level in RULES.levels if level.site is None)
    assert Examiner(None, env, RULES).assess("static", level) == NOT_TESTED


def test_another_exercise_is_refused(env: PostureEnv) -> None:
    standing = RULES.model_copy(update={"exercise": "standing"})
    with pytest.raises(InputError, match="done in standing"):
        sitting_env(env, standing)


def test_trials_longer_than_the_exercise_are_refused(env: PostureEnv) -> None:
    watched = RULES.static.watched.model_copy(update={"value": 60.0})
    patient = RULES.static.model_copy(update={"watched": watched})
    with pytest.raises(InputError, match="a trial takes 60 s"):
        sitting_env(env, RULES.model_copy(update={"static": patient}))


def test_an_unknown_level_and_a_missing_bundle_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'waist'"):
        level_at(RULES, "waits")
    with pytest.raises(InputError, match=r"bundle\.json"):
        segmental_bundle(tmp_path, {}, RULES)
