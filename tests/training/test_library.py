"""Trained policies are found by exercise and seed."""

from pathlib import Path

import pytest

from dmi_sim.errors import InputError
from dmi_sim.training import library
from dmi_sim.training.library import (
    bundle_in,
    bundles,
    one_each,
    open_for_assessment,
    shipped_folder,
    training_site,
)
from tests.assessments.bundles import save_sitter


def test_bundles_are_listed_by_exercise_and_seed_and_others_passed_over(tmp_path: Path) -> None:
    for name in ("sitting_10", "sitting_2", "sitting", "dancing_1", "sitting_new"):
        save_sitter(tmp_path / name)
    (tmp_path / "standing_0").mkdir()  # no bundle in it yet
    assert bundles(tmp_path) == {
        "sitting": {2: tmp_path / "sitting_2", 10: tmp_path / "sitting_10"}
    }


def test_a_folder_of_training_gives_the_bundle_in_it(tmp_path: Path) -> None:
    save_sitter(tmp_path / "sitting_0" / "policy")
    assert bundles(tmp_path) == {"sitting": {0: tmp_path / "sitting_0" / "policy"}}


def test_one_policy_of_each_exercise_is_taken(tmp_path: Path) -> None:
    save_sitter(tmp_path / "sitting_3")
    assert list(one_each(tmp_path, 3, {}, ["sitting", "standing"])) == ["sitting"]
    assert list(one_each(tmp_path, None, {}, ["sitting"])) == ["sitting"]
    assert one_each(tmp_path, 0, {}, ["sitting"]) == {}
    assert one_each(tmp_path, 3, {}, ["standing"]) == {}


def test_hands_are_where_they_were_in_practice_or_as_low_as_can_be(tmp_path: Path) -> None:
    held = save_sitter(tmp_path / "sitting_0", {"support": "pelvis"})
    assert training_site(held, "sitting") == "pelvis"
    assert training_site(save_sitter(tmp_path / "sitting_1"), "sitting") == "none"
    assert training_site(None, "pull_to_sit") == "forearms"


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="policies: no folder"):
        bundles(tmp_path / "nowhere")


def test_an_installation_may_have_no_policies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "shipped_folder", lambda: tmp_path / "nowhere")
    assert bundles(tmp_path / "nowhere") == {}


def test_a_folder_of_training_holds_its_policy(tmp_path: Path) -> None:
    assert bundle_in(tmp_path) == tmp_path
    (tmp_path / "policy").mkdir()
    assert bundle_in(tmp_path) == tmp_path / "policy"


def test_a_policy_of_another_exercise_is_refused_by_name() -> None:
    kneeling = shipped_folder() / "kneeling_0"
    with (
        pytest.raises(InputError, match="kneeling; this assessment is done in sitting"),
        open_for_assessment(kneeling, "sitting", {}),
    ):
        pass
