"""The ladder with simulated infants: reflexes only, silent muscles, a feedback sitter."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.assessments.motor_ladder.procedure import ladder, plan, score_sites
from dmi_sim.assessments.motor_ladder.result import LadderFinding
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import Info, Observation, PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.spec.ladder import LadderSpec
from dmi_sim.training.library import load_policies
from tests.assessments.bundles import save_sitter

RULE = Catalog.shipped().load(LadderSpec, "exercises")
SITTING = plan(["sitting"], ["head", "none"])


class Silent(PostureEnv):
    """An infant with silent muscles, whatever the options."""

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Observation, Info]:
        return super().reset(seed=seed, options={**(options or {}), "silent_muscles": True})


@pytest.fixture(scope="module")
def sitter(tmp_path_factory: pytest.TempPathFactory) -> LadderFinding:
    folder = tmp_path_factory.mktemp("policies")
    save_sitter(folder / "sitting_0")
    return ladder(load_policies(folder, 0, {}, ["sitting"]), RULE, SITTING)


def test_an_infant_with_silent_muscles_scores_0_in_sitting_without_hands() -> None:
    env = Silent(EnvConfig("sitting"))
    (alone,) = score_sites(env, None, RULE, ["none"])
    env.close()
    assert alone.score == 0
    assert alone.share == pytest.approx(0, abs=1e-9)


def test_a_sitter_completes_sitting_where_reflexes_do_not(sitter: LadderFinding) -> None:
    (item,) = sitter.items
    assert (item.unsupported, item.lowest) == (3, "none")
    assert sitter.total("sitting").percent == 100
    assert ladder({"sitting": None}, RULE, plan(["sitting"], ["none"])).items[0].unsupported == 0


def test_there_is_no_score_where_hands_hold_a_limp_infant_up(sitter: LadderFinding) -> None:
    head = sitter.items[0].sites[0]
    assert (head.site, head.score, head.completion) == ("head", None, ())


def test_the_same_ladder_gives_the_same_finding() -> None:
    chosen = plan(["standing"], ["feet"])
    assert ladder({}, RULE, chosen) == ladder({}, RULE, chosen)


def test_every_exercise_is_planned_by_age_with_its_own_sites_in_their_order() -> None:
    everything = plan()
    ages = [spec.typical_age_months for spec in everything.specs.values()]
    assert set(everything.specs) == set(exercises())
    assert ages == sorted(ages)
    assert everything.sites["pull_to_sit"] == everything.specs["pull_to_sit"].supports
    assert plan(sites=["none", "pelvis"]).sites["standing"] == ("pelvis", "none")
    assert plan(sites=["none"]).sites["pull_to_sit"] == ()


def test_progress_names_what_comes_next() -> None:
    reported: list[tuple[float, str]] = []
    chosen = plan(["standing"], ["feet", "none"])
    ladder({}, RULE, chosen, on_progress=lambda share, words: reported.append((share, words)))
    assert reported == [(0.0, "standing, hands: feet"), (0.5, "standing, hands: none")]


def test_unknown_names_are_refused_with_the_nearest_right_one() -> None:
    with pytest.raises(InputError, match=r"exercise: no 'siting'.*did you mean 'sitting'"):
        plan(["siting"])
    with pytest.raises(InputError, match=r"site: no 'pelvs'.*did you mean 'pelvis'"):
        plan(sites=["pelvs"])
    with pytest.raises(InputError, match="did you mean 'walking'"):
        ladder({"waking": None}, RULE, SITTING)
    with pytest.raises(InputError, match="condition"):
        ladder({}, RULE, SITTING, {"condition": "nothing"})


def test_another_infant_can_be_scored() -> None:
    lesion = {"condition": "spinal_cord_lesion", "severity": 1.0}
    found = ladder({}, RULE, plan(["standing"], ["none"]), lesion)
    assert found.items[0].unsupported == 0


def test_a_policy_of_another_exercise_is_tried_and_it_is_said(tmp_path: Path) -> None:
    save_sitter(tmp_path / "standing_0")
    with pytest.warns(UserWarning, match="never practised standing"):
        load_policies(tmp_path, 0, {}, ["standing"])
