"""Learning from teachers: whom they teach, how far away a learner is, and what comes of it."""

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.curriculum import ValidationSpec
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.bundle import read_bundle_manifest
from dmi_sim.training.curriculum import curriculum_problems, practice_groups
from dmi_sim.training.library import load_policy, policy_folder
from dmi_sim.training.plain_policy import PlainPolicy, acting_policy
from dmi_sim.training.plan import curriculum_plan
from dmi_sim.training.teaching import Teaching, teaching_of
from dmi_sim.training.train import read_manifest, train
from dmi_sim.training.trainer import Trainer
from tests.training.curricula import CATALOG, curriculum, tiny_plan

SITTING = {"sitting": "infant_0"}
OWN = {"sitting": "itself"}
TAUGHT: dict[str, Any] = {"teaching_coef": 2.0}


def always(action: float) -> PlainPolicy:
    """A policy that does the same whatever it sees."""
    layer = torch.zeros(1, 2), torch.tensor([action])
    return PlainPolicy((layer,), (), torch.tanh_, torch.zeros(1))


def taught_by(*actions: float) -> Teaching:
    """One teacher for each place of an observation."""
    return Teaching(tuple(enumerate(map(always, actions))), TrainingSpec(**TAUGHT).teaching_coef_at)


def test_the_divergence_is_that_of_two_gaussians_of_one_spread() -> None:
    """Half the squared distance, in variances; with a spread of a half that is 2 d^2."""
    seen, mean = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.1]])
    away = taught_by(0.4).divergence(seen, mean, torch.tensor([0.5]).log())
    assert float(away) == pytest.approx(2 * 0.3**2)


def test_each_exercise_has_its_own_teacher_and_one_without_counts_as_zero() -> None:
    seen = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    mean = torch.tensor([[0.2], [0.2], [5.0]])
    away = taught_by(0.2, 1.0).divergence(seen, mean, torch.zeros(1))
    assert float(away) == pytest.approx(0.8**2 / 2 / 3)


def test_a_teacher_shows_no_more_than_can_be_done() -> None:
    seen, mean = torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0]])
    assert float(taught_by(7.0).divergence(seen, mean, torch.zeros(1))) == 0


def test_the_gradient_leads_to_the_teacher() -> None:
    mean = torch.tensor([[0.2]], requires_grad=True)
    taught_by(0.6).divergence(torch.tensor([[1.0, 0.0]]), mean, torch.zeros(1)).backward()
    assert mean.grad is not None
    assert float(mean.grad) == pytest.approx(-0.4)


def test_the_network_of_a_policy_acts_as_the_policy() -> None:
    policy = load_policy("infant_0")
    seen = np.random.default_rng(0).normal(size=(5, *policy.observation_shape)).astype(np.float32)
    means = acting_policy(policy).means(torch.tensor(seen)).clamp(-1, 1).numpy()
    assert means == pytest.approx(policy.predict(seen)[0], abs=1e-5)


def test_a_learner_comes_near_to_its_teacher(tmp_path: Path) -> None:
    """From nothing; asked in what it comes upon itself, in the exercise that is taught."""
    chosen = curriculum([{"exercise": "sitting", "slots": 2}], SITTING, n_steps=60, batch_size=60,
        total_steps=1200, chunk_rollouts=1, net_arch=[32], n_epochs=8, learning_rate=0.003,
        **TAUGHT)  # fmt: skip
    bundles = {"sitting": policy_folder("infant_0")}
    groups = practice_groups(chosen.practice, {})
    teacher = load_policy("infant_0")
    with closing(Trainer.start(groups, chosen.training, 0, teachers=bundles)) as trainer:
        envs: Any = trainer.model.get_env()
        seen = envs.reset()
        before = np.square(trainer.policy.predict(seen)[0] - teacher.predict(seen)[0]).mean()
        trainer.train_until(1200)
        after = np.square(trainer.policy.predict(seen)[0] - teacher.predict(seen)[0]).mean()
    assert after < before / 3


def test_teaching_fades_with_the_steps() -> None:
    spec = TrainingSpec(teaching_coef=2.0, total_steps=1000)
    assert [spec.teaching_coef_at(steps) for steps in (0, 500, 1000, 2000)] == [2.0, 1.0, 0.0, 0.0]


def test_a_policy_tells_who_taught_it_and_a_resumed_training_is_the_same(tmp_path: Path) -> None:
    chosen = curriculum(teachers=SITTING, **TAUGHT)
    plan = tiny_plan(training=chosen.training, teachers=SITTING)
    straight = train(plan, tmp_path / "straight", tests=1)
    train(plan, tmp_path / "stopped", until_steps=48, tests=1)
    resumed = train(plan, tmp_path / "stopped", resume=True, tests=1)
    assert (straight / "policy.zip").read_bytes() == (resumed / "policy.zip").read_bytes()
    teacher = read_bundle_manifest(policy_folder("infant_0"))
    told = read_bundle_manifest(straight).metadata.taught_by["sitting"]
    before = teacher.metadata.began_with
    assert before is not None
    assert told.training_steps == teacher.metadata.training_steps + before.training_steps
    assert read_manifest(tmp_path / "straight").plan.teachers_sha256 == {
        "sitting": teacher.files_sha256["policy.zip"]
    }


def test_an_infant_that_goes_on_may_be_its_own_teacher(tmp_path: Path) -> None:
    """By the policy that it began with, also where it was stopped on the way."""
    chosen = curriculum(teachers=OWN, net_arch=[256, 256], total_steps=96, **TAUGHT)
    often = ValidationSpec(every_steps=48, episodes=1)  # where it is stopped, too
    plan = tiny_plan(training=chosen.training, teachers=OWN, validation=often)
    before = policy_folder("infant_1")
    straight = train(plan, tmp_path / "straight", tests=1, begin_with=before)
    train(plan, tmp_path / "stopped", until_steps=48, tests=1, begin_with=before)
    resumed = train(plan, tmp_path / "stopped", resume=True, tests=1, begin_with=before)
    assert (straight / "policy.zip").read_bytes() == (resumed / "policy.zip").read_bytes()
    manifest = read_bundle_manifest(straight)
    assert manifest.metadata.taught_by["sitting"] == manifest.metadata.began_with


def test_who_begins_with_nothing_has_nothing_to_be_taught_by_itself(tmp_path: Path) -> None:
    plan = tiny_plan(training=curriculum(teachers=OWN, **TAUGHT).training, teachers=OWN)
    with pytest.raises(InputError, match=r"teachers.sitting: itself: .* name it with --from"):
        train(plan, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(("teachers", "settings", "problem"), [
    (SITTING, {}, "teaching_coef: one is given without the other"),
    ({}, TAUGHT, "teaching_coef: one is given without the other"),
    ({"siting": "infant_0"}, TAUGHT, "teachers.siting: not practised; did you mean 'sitting'"),
])  # fmt: skip
def test_teachers_that_cannot_count_are_refused(
    teachers: dict[str, str], settings: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        curriculum(teachers=teachers, **settings)


def test_a_teacher_that_does_not_exist_is_named_with_the_nearest() -> None:
    given = curriculum(teachers={"sitting": "infnt_0"}, n_steps=480, **TAUGHT)
    (problem,) = curriculum_problems(given, CATALOG)
    assert problem.startswith("teachers.sitting: policy: no 'infnt_0'")
    assert "infant_0" in problem


@pytest.mark.parametrize("policy", ["sitting_0", "standing_1"])
def test_a_teacher_of_other_commands_is_refused(policy: str) -> None:
    taught = {"sitting": policy_folder(policy)}
    with (
        closing(make_environment("DMI/Sitting-v1", {})) as env,
        pytest.raises(InputError, match=r"version 0|number of actions"),
    ):
        teaching_of(taught, [env], TrainingSpec(**TAUGHT))


def test_a_plan_names_the_teachers() -> None:
    plan = curriculum_plan(curriculum(teachers=SITTING, n_steps=480, **TAUGHT), 0)
    assert plan.teachers == SITTING
    (difference,) = plan.differences(plan.model_copy(update={"teachers": {"sitting": "infant_1"}}))
    assert difference == "teachers.sitting: was infant_0, now infant_1"


@pytest.mark.parametrize("name", CATALOG.names(LearnerSpec))
def test_a_learner_that_would_not_listen_is_refused(name: str, tmp_path: Path) -> None:
    learner = CATALOG.load(LearnerSpec, name)
    chosen = curriculum(teachers=SITTING, **TAUGHT)
    plan = tiny_plan(training=chosen.training, teachers=SITTING, learner=learner)
    with pytest.raises(InputError, match="SAC and TD3 cannot learn from them"):
        train(plan, tmp_path / "run")
    assert not (tmp_path / "run").exists()
