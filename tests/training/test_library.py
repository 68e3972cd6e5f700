"""Trained policies are found by exercise and seed."""

import json
import shutil
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id, exercises, old_exercises
from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.evaluate import EpisodeRow, evaluate
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import (
    MANIFEST,
    POLICY,
    Setting,
    content_sha256,
    load_bundle,
    read_bundle_manifest,
    save_bundle,
)
from dmi_sim.training.interface import policy_interface
from dmi_sim.training.library import (
    bundle_in,
    bundles,
    exercise_of,
    load_policies,
    open_bundle,
    open_controller,
    open_for_assessment,
    practised_by,
    shipped_folder,
    training_site,
    version_for,
)
from dmi_sim.training.trainer import Trainer
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
    assert list(load_policies(tmp_path, 3, {}, ["sitting", "standing"])) == ["sitting"]
    assert list(load_policies(tmp_path, None, {}, ["sitting"])) == ["sitting"]
    assert load_policies(tmp_path, 0, {}, ["sitting"]) == {}
    assert load_policies(tmp_path, 3, {}, ["standing"]) == {}


def test_hands_are_where_they_were_in_training_or_as_low_as_can_be(tmp_path: Path) -> None:
    supported = save_sitter(tmp_path / "sitting_0", {"support": "pelvis"})
    assert training_site(supported, "sitting") == "pelvis"
    assert training_site(save_sitter(tmp_path / "sitting_1"), "sitting") == "none"
    assert training_site(None, "pull_to_sit") == "forearms"


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="policies: no folder"):
        bundles(tmp_path / "nowhere")


def test_an_installation_may_have_no_policies(tmp_path: Path) -> None:
    bare = Catalog(tmp_path)
    assert bundles(shipped_folder(bare), bare) == {}


def test_a_catalog_says_which_exercises_there_are(tmp_path: Path) -> None:
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs/dancing.yaml").touch()
    for name in ("sitting_0", "dancing_0"):
        save_sitter(tmp_path / "models/policies" / name)
    own = Catalog(tmp_path)
    assert list(bundles(shipped_folder(own), own)) == ["dancing"]


def test_a_folder_of_training_holds_its_policy(tmp_path: Path) -> None:
    assert bundle_in(tmp_path) == tmp_path
    (tmp_path / "policy").mkdir()
    assert bundle_in(tmp_path) == tmp_path / "policy"


def test_a_policy_of_another_exercise_is_refused_by_name() -> None:
    kneeling = shipped_folder() / "kneeling_0"
    with (
        pytest.raises(InputError, match="exercise: practised kneeling_v0, not sitting_v0"),
        open_for_assessment(kneeling, "sitting", {}),
    ):
        pass


SHIPPED = {
    folder.name: exercise
    for exercise, by_seed in bundles(shipped_folder()).items()
    for folder in by_seed.values()
}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_policy_is_loaded_by_its_name(name: str) -> None:
    policy, exercise = dmi_sim.load_policy(name), SHIPPED[name]
    env = make_environment(dmi_sim.names.environment_id(exercise), {})
    assert policy.observation_shape == env.observation_space.shape
    assert policy.action_shape == env.action_space.shape
    env.close()


@pytest.mark.parametrize("exercise", bundles(shipped_folder()))
def test_a_shipped_policy_belongs_to_its_exercise_and_action_mode(exercise: str) -> None:
    folders = bundles(shipped_folder())[exercise].values()
    for folder in folders:
        with open_bundle(folder) as (_, policy):
            assert read_bundle_manifest(folder).metadata.exercises[0].name == exercise
            assert policy.to_bytes() == (folder / POLICY).read_bytes()
    for mode in set(ACTION_MODES) - {"posture"}:
        expected = f"action_mode: made for posture, this environment has {mode}"
        with (
            pytest.raises(InputError, match=expected),
            open_bundle(next(iter(folders)), {"action_mode": mode}),
        ):
            pass


@pytest.mark.parametrize("exercise", bundles(shipped_folder()))
def test_an_exercise_that_was_never_practised_must_be_asked_for(exercise: str) -> None:
    """Where a policy sees and moves the same; elsewhere nobody can ask."""
    folder = next(iter(bundles(shipped_folder())[exercise].values()))
    for other in {*exercises(), *old_exercises()} - {exercise, exercise.removesuffix("_v0")}:
        with closing(make_environment(environment_id(other), {})) as env:
            fits = not read_bundle_manifest(folder).metadata.interface.differences(
                policy_interface(env)
            )
            with pytest.raises(InputError) as caught:
                load_bundle(folder, env)
            assert ("--allow-other-exercise" in str(caught.value)) == fits
            if fits:
                load_bundle(folder, env, allow_other_exercise=True)
            else:
                with pytest.raises(InputError, match="this environment has"):
                    load_bundle(folder, env, allow_other_exercise=True)


def test_some_exercises_share_their_interface() -> None:
    sitter = shipped_folder() / "sitting_0"
    with open_bundle(sitter, {}, "sitting_tilt_v0", allow_other_exercise=True) as (env, _):
        assert exercise_of(env, "sitting_tilt_v0")


def test_a_policy_is_loaded_from_its_folder_or_from_that_of_its_training(tmp_path: Path) -> None:
    save_sitter(tmp_path / "mine/policy")
    env = make_environment("DMI/Sitting-v1", {})
    expected = load_bundle(tmp_path / "mine/policy", env).to_bytes()
    env.close()
    for path in (tmp_path / "mine", str(tmp_path / "mine"), tmp_path / "mine/policy"):
        assert dmi_sim.load_policy(path).to_bytes() == expected


def test_an_unknown_policy_names_the_nearest() -> None:
    with pytest.raises(InputError, match=r"policy: no 'siting_0', .* did you mean 'sitting_0'\?"):
        dmi_sim.load_policy("siting_0")


@pytest.mark.parametrize("name", ["best.zip", "net.onnx", "mine:act"])
def test_a_controller_from_elsewhere_is_no_bundle(name: str) -> None:
    with pytest.raises(
        InputError, match=f"policy: {name} is no bundle: it can act in an environment"
    ):
        dmi_sim.load_policy(name)


def test_a_folder_without_a_policy_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not a whole policy bundle: bundle\.json"):
        dmi_sim.load_policy(tmp_path)


def test_a_loaded_policy_acts_in_its_environment() -> None:
    env = make_environment("DMI/Sitting-v0", {})
    observation, _ = env.reset(seed=1)
    action, _ = dmi_sim.load_policy("sitting_0").predict(observation, deterministic=True)
    assert action in env.action_space
    assert np.any(action)
    env.close()


def as_written_by_version_0(folder: Path) -> Path:
    """A bundle of one's own that tells of ``sitting``, before that was another exercise."""
    shutil.copytree(shipped_folder() / "sitting_0", folder)
    told = json.loads((folder / MANIFEST).read_text())
    told["metadata"]["exercises"][0]["name"] = "sitting"
    told["content_sha256"] = content_sha256(json.dumps(told).encode())
    (folder / MANIFEST).write_text(json.dumps(told))
    return folder


def test_a_policy_of_version_0_goes_on_in_its_own_version(tmp_path: Path) -> None:
    own = as_written_by_version_0(tmp_path / "mine_0")
    for source in ("sitting_0", own):
        assert practised_by(source) == ("sitting_v0",)
        assert version_for(source, "sitting") == "sitting_v0"
        assert version_for(source, "sitting_tilt") == "sitting_tilt_v0"
        with open_controller(source) as (env, policy):
            assert env.spec is not None
            assert env.spec.id == "DMI/Sitting-v0"
            assert policy.predict(env.reset(seed=1)[0])[0] in env.action_space
        with open_for_assessment(source, "sitting", {}) as (inner, _):
            assert inner.build.config.exercise == "sitting_v0"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_policy_of_version_0_is_told_the_way_on_in_version_1(name: str) -> None:
    exercise = SHIPPED[name].removesuffix("_v0")
    way_on = f"practised {exercise} of version 0: .* train anew in {environment_id(exercise)}, "
    with closing(make_environment(environment_id(exercise), {})) as env:
        with pytest.raises(InputError, match=f"{way_on}which docs/moving-from-0.1.md"):
            dmi_sim.load_policy(name, env=env)
        with pytest.raises(InputError, match=way_on):
            dmi_sim.to_sb3(name, env)
        with pytest.raises(InputError, match=way_on):
            dmi_sim.load_policy(name, env=env, allow_other_exercise=True)


def test_without_a_policy_an_assessment_is_in_the_present_version() -> None:
    assert version_for(None, "sitting") == "sitting"


@pytest.fixture
def bundle(tmp_path: Path, leaning: str, quick: TrainingSpec) -> Path:
    trainer = Trainer.start(partial(make_environment, leaning, {"gravity": 1.0}), quick, 0)
    save_bundle(tmp_path, trainer.policy, trainer.metadata({"gravity": 1.0}))
    return tmp_path


def test_a_bundle_is_tested_where_it_was_trained_by_default(bundle: Path) -> None:
    def tested(settings: dict[str, Setting]) -> list[EpisodeRow]:
        with open_controller(bundle, settings) as (env, policy):
            return evaluate(policy, env, evaluation_seeds(4))

    own = tested({})
    assert own == tested({"gravity": 1.0})
    assert own != tested({"gravity": 9.0})


@pytest.mark.parametrize("given", [3, None, "", ["sitting_0"]])
def test_what_is_neither_a_name_nor_a_folder_is_no_policy(given: Any) -> None:
    with pytest.raises(InputError, match=r"policy: .* is neither a name nor a folder"):
        dmi_sim.load_policy(given)
