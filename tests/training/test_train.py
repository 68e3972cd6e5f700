"""Training in a folder: what is refused, what is left behind, and going on after a stop."""

from pathlib import Path

import pytest

from dmi_sim.errors import InputError
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import POLICY, read_bundle_manifest
from dmi_sim.training.checkpoints import TrainingRow
from dmi_sim.training.plan import TrainingPlan
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.train import OnProgress, read_manifest, train
from dmi_sim.training.trainer import Trainer


@pytest.fixture
def plan(leaning: str, quick: TrainingSpec) -> TrainingPlan:
    return TrainingPlan(
        environment_id=leaning, environment_kwargs={"gravity": 2.0}, training=quick, seed=1
    )


def stop_after(steps: int) -> OnProgress:
    """A listener to progress that presses Ctrl-C."""

    def listen(row: TrainingRow) -> None:
        if row["steps"] >= steps:
            raise KeyboardInterrupt

    return listen


def test_training_leaves_a_bundle_and_a_manifest(tmp_path: Path, plan: TrainingPlan) -> None:
    reported: list[int] = []
    bundle = train(plan, tmp_path / "run", on_progress=lambda row: reported.append(row["steps"]))
    assert reported == [128, 256, 384, 512]
    assert read_bundle_manifest(bundle).metadata.training_steps == 512
    assert read_bundle_manifest(bundle).metadata.environment_kwargs == {"gravity": 2.0}
    manifest = read_manifest(tmp_path / "run")
    assert (manifest.status, manifest.steps, manifest.plan) == ("done", 512, plan)


def test_scores_go_into_the_bundle(tmp_path: Path, plan: TrainingPlan) -> None:
    def validate(policy: NumpyPolicy) -> dict[str, float]:
        return {"actions": float(policy.action_shape[0])}

    bundle = train(plan, tmp_path / "run", until_steps=128, validate=validate)
    assert read_bundle_manifest(bundle).metadata.scores == {"actions": 1.0}


def test_interrupted_and_resumed_training_gives_the_same_bytes(
    tmp_path: Path, plan: TrainingPlan
) -> None:
    straight = train(plan, tmp_path / "straight")
    with pytest.raises(KeyboardInterrupt):
        train(plan, tmp_path / "stopped", on_progress=stop_after(256))
    assert read_manifest(tmp_path / "stopped").status == "interrupted"
    assert not (tmp_path / "stopped/policy").exists()
    resumed = train(plan, tmp_path / "stopped", resume=True)
    assert (resumed / POLICY).read_bytes() == (straight / POLICY).read_bytes()


def test_a_stop_before_the_first_checkpoint_begins_anew(
    tmp_path: Path, plan: TrainingPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: Trainer) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            train(plan, tmp_path / "run")
    bundle = train(plan, tmp_path / "run", resume=True, until_steps=128)
    assert read_bundle_manifest(bundle).metadata.training_steps == 128


def test_a_finished_training_can_go_on_further(tmp_path: Path, plan: TrainingPlan) -> None:
    train(plan, tmp_path / "run", until_steps=128)
    bundle = train(plan, tmp_path / "run", until_steps=256, resume=True)
    assert read_bundle_manifest(bundle).metadata.training_steps == 256


def test_nothing_is_overwritten(tmp_path: Path, plan: TrainingPlan) -> None:
    (tmp_path / "thesis.txt").write_text("do not touch")
    with pytest.raises(InputError, match="not empty; resume the training in it or name a new"):
        train(plan, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_another_plan_is_not_resumed_and_its_differences_are_named(
    tmp_path: Path, plan: TrainingPlan
) -> None:
    train(plan, tmp_path, until_steps=128)
    other = plan.model_copy(
        update={
            "seed": 2,
            "environment_kwargs": {"gravity": 3.0},
            "training": plan.training.model_copy(update={"gamma": 0.9}),
        }
    )
    with pytest.raises(InputError) as caught:
        train(other, tmp_path, resume=True)
    assert [line.removeprefix(f"{tmp_path}: ") for line in caught.value.problems] == [
        "seed: was 1, now 2",
        "training.gamma: was 0.97, now 0.9",
        "environment_kwargs.gravity: was 2.0, now 3.0",
    ]


def test_there_must_be_something_to_resume(tmp_path: Path, plan: TrainingPlan) -> None:
    with pytest.raises(InputError, match=r"manifest\.json: No such file .*nothing to resume"):
        train(plan, tmp_path / "run", resume=True)
    assert not (tmp_path / "run").exists()


def test_an_unknown_environment_writes_nothing(tmp_path: Path, plan: TrainingPlan) -> None:
    unknown = plan.model_copy(update={"environment_id": "DMI/Flying-v1"})
    with pytest.raises(InputError, match="no environment 'DMI/Flying-v1'"):
        train(unknown, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_fault_is_written_into_the_manifest(tmp_path: Path, plan: TrainingPlan) -> None:
    broken = plan.model_copy(update={"environment_kwargs": {"broken_step": 3}})
    with pytest.raises(ZeroDivisionError):
        train(broken, tmp_path / "run")
    assert read_manifest(tmp_path / "run").status == "failed"
