"""The commands that work for a while: train, evaluate, study, report, replay; little training."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import dmi_sim
from dmi_sim.catalog import Catalog, parse_yaml
from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.evaluate import evaluate
from dmi_sim.cli.replay import replay
from dmi_sim.cli.report import report
from dmi_sim.cli.study import study
from dmi_sim.cli.train import train
from dmi_sim.errors import InputError
from dmi_sim.outcome.calm import CALM
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.training import LearnerSpec
from tests.report.fakes import NAME, fake_run

TINY = [
    "training.n_envs=1", "training.n_steps=64", "training.batch_size=64", "training.n_epochs=1",
    "training.chunk_rollouts=1",
]  # fmt: skip
SITTING = "DMI/Sitting-v1"


def size(path: Path) -> int:
    return path.stat().st_size


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a training of 128 steps without a stop."""
    folder = tmp_path_factory.mktemp("trained") / "whole"
    train(SITTING, steps=128, out=folder, settings=TINY)
    return folder


def test_training_leaves_a_policy_with_its_scores(trained: Path) -> None:
    card = json.loads((trained / "policy/bundle.json").read_text())
    assert card["metadata"]["training_steps"] == 128
    assert card["metadata"]["scores"]["time_upright_s"] > 0


def test_resumed_training_gives_the_same_policy(trained: Path, tmp_path: Path) -> None:
    train(SITTING, steps=64, out=tmp_path, settings=TINY)
    answer = train(SITTING, steps=128, out=tmp_path, settings=TINY, resume=True)
    assert answer.data["training_steps"] == 128
    uninterrupted, resumed = (folder / "policy/policy.zip" for folder in (trained, tmp_path))
    assert uninterrupted.read_bytes() == resumed.read_bytes()


def test_a_folder_in_use_is_not_overwritten(trained: Path) -> None:
    with pytest.raises(InputError, match="not empty"):
        train(SITTING, steps=64, out=trained, settings=TINY)


def test_settings_reach_the_environment_and_the_learner(tmp_path: Path) -> None:
    train(SITTING, seed=3, steps=64, out=tmp_path, settings=[*TINY, "age_months=9", "sex=male"])
    plan = json.loads((tmp_path / "manifest.json").read_text())["plan"]
    assert plan["environment_kwargs"] == {"age_months": 9.0, "sex": "male"}
    assert plan["training"]["n_steps"] == 64
    assert plan["seed"] == 3


def test_evaluation_gives_the_same_table_twice(trained: Path) -> None:
    def once() -> CommandResult:
        return evaluate(str(trained / "policy"), episodes=2, support="pelvis", pushes=True)

    answer = once()
    assert repr(answer) == repr(once())  # means that nobody knows are NaN, and unequal
    assert "nan" not in answer.text.split()
    assert len(answer.data["episodes"]) == 2
    assert answer.data["summary"]["support_impulse_n_s"]["mean"] > 0
    assert [line.split()[0] for line in answer.text.splitlines()[1 : 5 + len(CALM)]] == [
        "total_reward", "success", "completion", "fell", *CALM,
    ]  # fmt: skip
    assert "time_upright_s" in answer.text
    assert {*CALM} <= answer.data["summary"].keys() & answer.data["episodes"][0].keys()
    assert "not clinical evidence" in answer.text


def test_the_folder_of_a_training_stands_for_the_policy_in_it(trained: Path) -> None:
    given, inside = (
        evaluate(str(folder), episodes=1).data["episodes"]
        for folder in (trained, trained / "policy")
    )
    assert repr(given) == repr(inside)


@pytest.mark.parametrize(
    ("pretraining", "site"), [("sitting_0", "none"), ("pull_to_sit_0", "forearms")]
)
def test_hands_do_as_little_as_the_exercise_allows(pretraining: str, site: str) -> None:
    answer = evaluate(pretraining, episodes=1)
    assert f"Episodes: 1, hands: {site}." in answer.text
    assert answer.data["options"] == {"support": site}


def test_a_shipped_policy_is_evaluated_by_its_name() -> None:
    folder = Catalog.shipped().root / "models/policies/sitting_1"
    assert repr(evaluate("sitting_1", episodes=1).data["episodes"]) == repr(
        evaluate(str(folder), episodes=1).data["episodes"]
    )


def test_a_policy_of_another_action_mode_or_exercise_is_refused() -> None:
    with pytest.raises(InputError, match=r"action_mode: made for posture, .* has synergy"):
        evaluate("sitting_0", settings=["action_mode=synergy"])
    tilt: dict[str, Any] = {"environment": "DMI/SittingTilt-v0", "episodes": 1}
    with pytest.raises(InputError, match="practised sitting_v0, not sitting_tilt_v0"):
        evaluate("sitting_0", **tilt)
    assert evaluate("sitting_0", **tilt, allow_other_exercise=True).data["episodes"]


def test_a_controller_from_elsewhere_is_evaluated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "still_one.py").write_text("def act(seen): return [0.0] * 33\n")
    monkeypatch.chdir(tmp_path)
    answer = evaluate("still_one:act", environment=SITTING, episodes=2)
    assert len(answer.data["episodes"]) == 2
    with pytest.raises(InputError, match="say in which environment"):
        evaluate("still_one:act")


def test_training_goes_on_from_a_policy(trained: Path, tmp_path: Path) -> None:
    answer = train(SITTING, steps=64, out=tmp_path, settings=TINY, begin_with=str(trained))
    assert "after 0.00 h of the policy that it began with" in answer.text
    assert answer.data["began_with"]["training_steps"] == 128
    again = train(
        SITTING, steps=128, out=tmp_path, settings=TINY, begin_with=str(trained), resume=True
    )
    assert again.data["training_steps"] == 128
    with pytest.raises(InputError, match=r"begin_with_sha256: was .*, now None"):
        train(SITTING, steps=128, out=tmp_path, settings=TINY, resume=True)


def test_training_from_a_policy_of_another_exercise_must_be_asked_for(tmp_path: Path) -> None:
    words: dict[str, Any] = {"steps": 64, "settings": TINY, "begin_with": "sitting_0"}
    with pytest.raises(InputError, match="--allow-other-exercise"):
        train("DMI/SittingTilt-v0", out=tmp_path / "refused", **words)
    assert not (tmp_path / "refused/policy").exists()
    with pytest.warns(UserWarning, match="does not hold its exploration"):
        answer = train(
            "DMI/SittingTilt-v0", out=tmp_path / "tilt", allow_other_exercise=True, **words
        )
    assert [one["name"] for one in answer.data["exercises"]] == ["sitting_v0", "sitting_tilt_v0"]


@pytest.mark.parametrize("algo", Catalog.shipped().names(LearnerSpec))
def test_other_learners_train_and_go_on(algo: Any, tmp_path: Path) -> None:
    quick = [*TINY, "learner.learning_starts=16", "learner.batch_size=16"]
    for folder, stops in (("straight", (128,)), ("resumed", (64, 128))):
        for number, steps in enumerate(stops):
            train(
                SITTING, steps=steps, out=tmp_path / folder, settings=quick, algo=algo,
                resume=number > 0,
            )  # fmt: skip
    straight, resumed = (tmp_path / name / "policy/policy.zip" for name in ("straight", "resumed"))
    assert straight.read_bytes() == resumed.read_bytes()
    assert evaluate(str(tmp_path / "straight"), episodes=1).data["episodes"]
    with pytest.raises(InputError, match=f"goes with --algo ppo, not {algo}"):
        train(SITTING, out=tmp_path / "new", algo=algo, begin_with="sitting_0")


def test_settings_of_a_learner_need_that_learner(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"learner\.tau=0\.1: PPO is set by training"):
        train(SITTING, out=tmp_path / "new", settings=["learner.tau=0.1"])
    with pytest.raises(InputError, match="action_noise_sd: sac has no such setting"):
        train(SITTING, out=tmp_path / "new", settings=["learner.action_noise_sd=0.1"], algo="sac")
    assert not (tmp_path / "new").exists()


def test_weights_of_rewards_are_set(tmp_path: Path) -> None:
    weights = ["rewards.jitter.weight=-2", "on_fall.fall.weight=-3"]
    train(SITTING, steps=64, out=tmp_path, settings=[*TINY, *weights])
    told = json.loads((tmp_path / "policy/bundle.json").read_text())["metadata"]
    assert told["environment_kwargs"] == {"reward_weights": {"jitter": -2.0, "fall": -3.0}}
    with pytest.raises(InputError, match="did you mean 'jitter'"):
        train(SITTING, out=tmp_path / "new", settings=["rewards.jiter.weight=-2"])
    assert not (tmp_path / "new").exists()
    assert evaluate(str(tmp_path), episodes=1, settings=["rewards.jitter.weight=-1"]).data


def test_events_for_tensorboard_are_written_on_request(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    train(SITTING, steps=64, out=tmp_path / "run", settings=TINY, tensorboard=tmp_path / "events")
    assert list((tmp_path / "events").glob("events.out.tfevents.*"))


def test_a_study_that_begins_anew_in_place_of_going_on_says_so_before_it_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    fake_run(tmp_path / "runs" / NAME / "20260101T000000Z-5eed5eed", with_replays=False)
    monkeypatch.setattr(sys.modules["dmi_sim.cli.study"], "_run", stop)
    with pytest.raises(KeyboardInterrupt):
        study(NAME, resume="last", settings=["seeds=2"])
    assert "a new run, because no run in" in capsys.readouterr().err


def test_a_support_that_the_exercise_lacks_is_refused(trained: Path) -> None:
    with pytest.raises(InputError, match=r"did you mean 'pelvis'\?"):
        evaluate(str(trained), support="pelvs")


def two_arms(folder: Path) -> str:
    """A study of one's own: one infant, two arms, the least training there is."""
    data = parse_yaml(Catalog.shipped().text(StudySpec, "site_in_sitting"), "study")
    del data["arms"]["axillae"]
    data["primary_outcome"]["comparisons"] = [["pelvis", "none"]]
    learner = {"n_envs": 1, "n_steps": 64, "batch_size": 64, "n_epochs": 1, "chunk_rollouts": 5}
    dose = {"training_steps": 1, "evaluations": 2}
    data |= {"seeds": 1, "dose": dose, "training": learner}
    data["test"]["episodes"] = 1
    path = folder / "two_arms.yaml"
    path.write_text(json.dumps(data))  # JSON is YAML
    return str(path)


def interrupted(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    """A study that gets Ctrl-C as soon as one of its cells is finished."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from dmi_sim.cli import main; main()",
         "study", name, "--executor", "inline", "--json"],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(dmi_sim.__file__).parents[1])},
    )  # fmt: skip
    while not list(folder.glob("runs/*/*/cells/*/cell.json")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.mark.slow
def test_a_study_that_is_stopped_goes_on_to_its_report_and_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = two_arms(tmp_path)
    stopped = interrupted(tmp_path, name)
    assert stopped.returncode == 130
    assert json.loads(stopped.stdout)["error"] == "interrupted"
    assert "--resume last" in stopped.stderr
    (so_far,) = tmp_path.glob("runs/*/*/report.html")
    assert f"cells are kept in {so_far.parent.relative_to(tmp_path)}" in stopped.stderr
    assert f"report so far: {so_far.relative_to(tmp_path)}" in stopped.stderr
    assert "interrupted before all cells were in" in so_far.read_text()

    monkeypatch.chdir(tmp_path)
    answer = study(name, executor="inline", resume="last")
    assert answer.exit_code == 0
    assert answer.data["done"] == answer.data["total"] == 2
    run, page = answer.data["folder"], answer.data["report"]
    assert [run] == [manifest.parent for manifest in Path().glob("runs/*/*/manifest.json")]
    page.unlink()
    assert report(run).data["report"] == page
    assert size(page) > 100_000

    assert replay(run).data["infants"] == [
        "Practised with\nhands at the pelvis;\ntested alone",
        "Practised with\nno hands;\ntested alone",
        "Practised with\nhands at the pelvis;\nhere in these hands",
    ]
    recording = next(run.glob("cells/*/replay.npz"))
    assert replay(recording, Path("one.html")).data["infants"] == ["replay"]
    assert size(Path("replay.html")) > 100_000
    assert size(Path("one.html")) > 100_000
