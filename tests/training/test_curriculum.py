"""A curriculum: slots share time, what cannot be practised is refused, the best policy is kept."""

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from pydantic import ValidationError

from dmi_sim.check import check_own
from dmi_sim.errors import InputError
from dmi_sim.names import INFANT_ID, exercises
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.training import best
from dmi_sim.training.best import bundle_of_weights
from dmi_sim.training.bundle import POLICY, load_bundle, read_bundle_manifest, read_policy
from dmi_sim.training.checkpoints import TrainingRow, newest_checkpoint
from dmi_sim.training.curriculum import curriculum_problems, practice_groups
from dmi_sim.training.monitor import TrainingMonitor, TrainingStatistics
from dmi_sim.training.plan import curriculum_plan
from dmi_sim.training.pretrained import is_complete
from dmi_sim.training.slots import held_makes
from dmi_sim.training.train import OnProgress, train
from dmi_sim.training.trainer import Trainer
from dmi_sim.training.validation import (
    VALIDATIONS,
    ValidationRow,
    best_steps,
    rank,
    read_validations,
    write_validations,
)
from tests.training.curricula import CATALOG, PRACTICE, TINY, curriculum, tiny_plan

EVEN = {**TINY, "batch_size": 8}
"""The same for any number of slots."""


def problems(*practice: dict[str, Any], **settings: Any) -> tuple[str, ...]:
    slots = sum(one.get("slots", 1) for one in practice)
    wanted: dict[str, Any] = {"n_steps": 480, "batch_size": 8 * slots, **settings}
    return curriculum_problems(curriculum(list(practice), **wanted), CATALOG)


def exercise_in(env: Env) -> str:
    return cast("Any", env.unwrapped).build.config.exercise


def stop_after(steps: int) -> OnProgress:
    """A listener to progress that presses Ctrl-C."""

    def listen(row: TrainingRow) -> None:
        if row["steps"] >= steps:
            raise KeyboardInterrupt

    return listen


def row(steps: int, exercise: str, success: float, completion: float = 0.5) -> ValidationRow:
    return ValidationRow(steps, exercise, "none", 5, success, completion, 10.0, 0.0)


class Counted(TrainingStatistics):
    """Counts the steps of one exercise."""

    def __init__(self, exercise: str, steps: Counter[str]) -> None:
        super().__init__()
        self._exercise, self._counts = exercise, steps

    def add(self, reward: float, info: dict[str, Any]) -> None:
        self._counts[self._exercise] += 1


def test_slots_keep_their_exercise_and_share_time_exactly() -> None:
    """Whoever falls after a second practises as long as whoever sits."""
    chosen, steps = curriculum(), Counter[str]()
    envs = [make() for make in held_makes(practice_groups(chosen.practice, {}), chosen.training)]
    for env in envs:
        with closing(TrainingMonitor(env, Counted(exercise_in(env), steps))) as watched:
            is_over = True
            for _ in range(50):
                if is_over:
                    watched.reset(seed=0)
                *_, terminated, truncated, _ = watched.step(np.zeros(33, np.float32))
                is_over = terminated or truncated
    assert steps == {"sitting": 100, "standing": 50}


def test_slots_take_ages_in_turn_and_hands_as_the_practice_says() -> None:
    groups = practice_groups(curriculum().practice, {"sex": "male"})
    configs = []
    for make in (make for group in groups for make in group.makes):
        with closing(make()) as env:
            configs.append(cast("Any", env.unwrapped).build.config)
    standing = CATALOG.load(ExerciseSpec, "standing")
    assert [one.age_months for one in configs] == [5, 7, standing.age_months]
    assert [one.support for one in configs] == [None, None, "pelvis"]
    assert [one.support_strength for one in configs] == [1.0, 1.0, 0.5]
    assert {one.sex for one in configs} == {"male"}


@pytest.mark.parametrize("exercise", exercises())
def test_a_slot_is_the_environment_of_all_exercises_told_that_one(exercise: str) -> None:
    (group,) = practice_groups(curriculum([{"exercise": exercise}], batch_size=8).practice, {})
    options = {"exercise": exercise}
    with closing(group.makes[0]()) as slot, closing(make_environment(INFANT_ID, {})) as infant:
        seen = (slot.reset(seed=5)[0], infant.reset(seed=5, options=options)[0])
        assert np.array_equal(*seen)
        action = slot.action_space.sample()
        ours, theirs = slot.step(action), infant.step(action)
        assert np.array_equal(ours[0], theirs[0])
        assert ours[1:4] == theirs[1:4]


def test_stopping_and_going_on_changes_nothing(tmp_path: Path) -> None:
    plan = tiny_plan()
    straight = train(plan, tmp_path / "straight", tests=1)
    with pytest.raises(KeyboardInterrupt):
        train(plan, tmp_path / "stopped", on_progress=stop_after(96))
    resumed = train(plan, tmp_path / "stopped", resume=True, tests=1)
    for name in (POLICY, VALIDATIONS):
        assert (straight / name).read_bytes() == (resumed / name).read_bytes()
    last = [newest_checkpoint(tmp_path / name) for name in ("straight", "stopped")]
    for name, tensor in last[0].parameters["policy"].items():
        assert np.array_equal(tensor, last[1].parameters["policy"][name])
    assert [one.steps for one in read_validations(straight)] == [96, 96, 144, 144]
    metadata = read_bundle_manifest(straight).metadata
    assert metadata.environment_id == INFANT_ID
    assert [one.name for one in metadata.exercises] == ["sitting", "standing"]
    assert metadata.exercise_dose_h["sitting"] == pytest.approx(
        2 * metadata.exercise_dose_h["standing"]
    )
    assert metadata.exercise_scores.keys() == {"sitting", "standing"}
    assert all("success" in scores for scores in metadata.exercise_scores.values())


def test_a_policy_that_was_better_before_it_went_on_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What training begins with is tried first, so that no bundle is worse than where it began."""
    first = train(tiny_plan(), tmp_path / "first", until_steps=48, tests=1)
    successes = iter([0.9, 0.2, 0.4])

    def validated(_policy: object, steps: int, *_: object) -> tuple[ValidationRow, ...]:
        return (ValidationRow(steps, "sitting", "none", 1, next(successes), 0.0, 1.0, 0.0),)

    monkeypatch.setattr(best, "validate_practice", validated)
    again = train(tiny_plan(), tmp_path / "again", tests=1, begin_with=first)
    assert [one.steps for one in read_validations(tmp_path / "again")] == [0, 96, 144]
    assert read_bundle_manifest(again).metadata.training_steps == 0
    assert (again / POLICY).read_bytes() == (first / POLICY).read_bytes()


def test_the_best_policy_by_validation_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three validations the second is best; what training lost later does not count."""
    success = {48: 0.2, 96: 0.8, 144: 0.4}
    policies: dict[int, bytes] = {}

    def validated(policy: Any, steps: int, *_: Any) -> tuple[ValidationRow, ...]:
        policies[steps] = policy.to_bytes()
        return (row(steps, "sitting", success[steps]),)

    monkeypatch.setattr(best, "validate_practice", validated)
    often = tiny_plan(validation=curriculum().validation.model_copy(update={"every_steps": 48}))
    bundle = train(often, tmp_path / "run", tests=1)
    assert read_policy(bundle).to_bytes() == policies[96] != policies[144]
    assert read_bundle_manifest(bundle).metadata.training_steps == 96
    assert [one.success for one in read_validations(tmp_path / "run")] == [0.2, 0.8, 0.4]


def test_success_goes_before_completion_and_each_exercise_counts_alike() -> None:
    assert (
        rank([row(1, "sitting", 1.0), row(1, "walking", 0.0), row(1, "walking", 0.5)])[0] == 0.625
    )
    rows = [row(1, "sitting", 0.5, 0.9), row(2, "sitting", 0.6, 0.1), row(3, "sitting", 0.6, 0.1)]
    assert best_steps(rows) == 2
    assert best_steps([*rows, row(4, "sitting", 0.6, 0.2)]) == 4
    assert best_steps([]) is None


def test_a_table_of_validations_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = (row(96, "sitting", 1 / 3), row(96, "standing", 0.1))
    write_validations(tmp_path, rows)
    assert read_validations(tmp_path) == rows
    (tmp_path / VALIDATIONS).write_text("steps,exercise\nmany,sitting\n")
    with pytest.raises(InputError, match=r"validations\.csv: not a table of validations"):
        read_validations(tmp_path)


def test_another_practice_is_not_resumed_and_its_differences_are_named(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(tiny_plan(), tmp_path, on_progress=stop_after(48))
    sitting, standing = tiny_plan().practice
    firmer = standing.model_copy(update={"support_strength": 0.7})
    with pytest.raises(InputError) as caught:
        train(tiny_plan(practice=(sitting, firmer)), tmp_path, resume=True)
    assert caught.value.problems == (f"{tmp_path}: practice[1].support_strength: was 0.5, now 0.7",)


@pytest.mark.parametrize(
    ("practice", "problem"),
    [
        ({"exercise": "siting"}, r"practice\[0\].exercise: no 'siting'.*did you mean 'sitting'"),
        ({"exercise": "sitting", "support": "pelvs"}, r"\.support: no 'pelvs'.*mean 'pelvis'"),
        ({"exercise": "walking", "support": "feet"}, r"\.support: no 'feet' in walking"),
        ({"exercise": "sitting_v0"}, "sitting_v0 has other commands and senses.*'sitting'"),
        ({"exercise": "rolling", "pushes": True}, r"pushes: envs/rolling\.yaml has none"),
    ],
)
def test_what_cannot_be_practised_is_named_with_the_nearest_right_name(
    practice: dict[str, Any], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        curriculum_plan(curriculum([practice], n_steps=480, batch_size=8))
    assert len(problems(practice)) == 1


def test_a_chunk_reaches_the_end_of_an_episode() -> None:
    assert "less than an episode of 10 s" in problems({"exercise": "sitting"}, n_steps=64)[0]


def test_arguments_of_all_environments_win_and_are_checked_too() -> None:
    chosen = curriculum([{"exercise": "standing", "support": "pelvis"}], n_steps=480, batch_size=8)
    with pytest.raises(InputError, match=r"practice\[0\].support: no 'neck' in standing"):
        curriculum_plan(chosen, environment_kwargs={"support": "neck"})
    plan = curriculum_plan(chosen, environment_kwargs={"support": "none"})
    (group,) = practice_groups(plan.practice, plan.environment_kwargs)
    with closing(group.makes[0]()) as env:
        assert cast("Any", env.unwrapped).support_schedule.site == ("none",)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"training": {**TINY, "n_envs": 4, "batch_size": 8}},
            "n_envs = 4, but practice has 3 slots",
        ),
        ({"practice": []}, "at least 1 item"),
        ({"practice": [PRACTICE[1], PRACTICE[1]]}, "standing stands twice in the same hands"),
        ({"practice": [{"exercise": "sitting", "ages_months": [5, 7]}]}, "2 ages for 1 slots"),
    ],
)
def test_a_curriculum_that_contradicts_itself_is_refused(
    changes: dict[str, Any], problem: str
) -> None:
    content = {"title": "Two", "practice": PRACTICE, "training": EVEN}
    with pytest.raises(ValidationError, match=problem):
        CurriculumSpec.model_validate({**content, **changes})


@pytest.mark.parametrize("name", CATALOG.names(CurriculumSpec))
def test_shipped_curricula_can_be_practised(name: str) -> None:
    assert curriculum_problems(CATALOG.load(CurriculumSpec, name), CATALOG) == ()


def test_the_infant_practises_every_exercise_of_its_repertoire() -> None:
    practised = {one.exercise for one in CATALOG.load(CurriculumSpec, "infant").practice}
    shared = {name for name in exercises() if CATALOG.load(ExerciseSpec, name).repertoire}
    assert practised == shared


def test_check_reads_curricula(tmp_path: Path) -> None:
    folder = tmp_path / CurriculumSpec.folder
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text(
        "title: Own\npractice: [{exercise: siting}]\ntraining: {n_steps: 128}\n"
    )
    (problem,) = check_own(tmp_path, CATALOG).problems
    assert "own.yaml: practice[0].exercise: no 'siting' in envs; did you mean 'sitting'?" in problem


def test_weights_of_a_training_elsewhere_become_a_bundle(tmp_path: Path) -> None:
    """Networks of the library, trained by any script, with the history that a plan tells."""
    import torch

    plan = tiny_plan()
    with closing(Trainer.start(practice_groups(plan.practice, {}), plan.training, 7)) as trainer:
        torch.save(cast("Any", trainer.model.policy).state_dict(), tmp_path / "policy.pt")
        expected = trainer.policy.to_bytes()
    bundle = bundle_of_weights(tmp_path / "policy.pt", plan, 54_000, tmp_path / "own_0", tests=1)
    assert read_policy(bundle).to_bytes() == expected
    metadata = read_bundle_manifest(bundle).metadata
    assert (metadata.training_steps, metadata.dose_h) == (54_000, 0.5)
    assert metadata.exercise_dose_h == pytest.approx({"sitting": 1 / 3, "standing": 1 / 6})
    assert metadata.exercise_scores.keys() == {"sitting", "standing"}
    assert [one.steps for one in read_validations(bundle)] == [54_000, 54_000]
    assert is_complete("own", 0, tmp_path)  # so nobody trains it again
    with closing(make_environment("DMI/Standing-v1", {})) as env:
        assert load_bundle(bundle, env).action_shape == (33,)


def test_weights_of_other_layers_are_refused(tmp_path: Path) -> None:
    import torch

    plan = tiny_plan()
    with closing(Trainer.start(practice_groups(plan.practice, {}), plan.training, 7)) as trainer:
        torch.save(cast("Any", trainer.model.policy).state_dict(), tmp_path / "policy.pt")
    wider = plan.model_copy(
        update={"training": plan.training.model_copy(update={"net_arch": (9,)})}
    )
    with pytest.raises(InputError, match=r"policy\.pt: .*size mismatch"):
        bundle_of_weights(tmp_path / "policy.pt", wider, 48, tmp_path / "own_0", tests=1)
    assert not (tmp_path / "own_0").exists()


def test_a_policy_may_act_where_it_never_practised_and_a_warning_says_so(tmp_path: Path) -> None:
    """All exercises of a repertoire have the same senses and commands."""
    bundle = train(tiny_plan(), tmp_path / "run", until_steps=48, tests=1)
    with closing(make_environment("DMI/Kneeling-v1", {})) as kneeling:
        with pytest.warns(UserWarning, match="never practised kneeling; it practised sitting, sta"):
            load_bundle(bundle, kneeling)
        load_bundle(bundle, kneeling, allow_other_exercise=True)
    with closing(make_environment(INFANT_ID, {})) as infant:
        load_bundle(bundle, infant)


def test_every_exercise_must_be_the_same_in_a_mirror_to_be_learnt_from_its_image() -> None:
    """A hemiplegic infant does another thing in a mirror; the first slot tells nothing."""
    both = [{"exercise": "sitting"}, {"exercise": "cruising"}]
    chosen = curriculum(both, mirror_images=True, batch_size=16)
    Trainer.start(practice_groups(chosen.practice, {}), chosen.training, 0).close()
    one_side: dict[str, Any] = {
        "condition": "spastic_cp",
        "condition_options": {"topography": "unilateral"},
    }
    groups = (
        *practice_groups(chosen.practice[:1], {}),
        *practice_groups(chosen.practice[1:], one_side),
    )
    with pytest.raises(InputError, match=r"training\.mirror_images: "):
        Trainer.start(groups, chosen.training, 0)
    alone = curriculum([{"exercise": "sitting", "slots": 3}], mirror_images=True)
    Trainer.start(practice_groups(alone.practice, {}), alone.training, 0).close()
