"""Validation of a curriculum: tests along the way, and the best policy so far kept as a bundle.

Every so many steps the present policy plays episodes of everything that is practised, on the seeds
of validations, which are neither those of training nor those of the tests at the end. The rows go
to ``validations.csv``; the policy with most success is kept, of equal ones that which completes
more, then that with more reward. A validation depends on the policy only: one that stands in the
file is not done again, so a training that was stopped leaves the same file.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.files import write_text
from dmi_sim.names import environment_id
from dmi_sim.outcome.calm import CALM
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.episode import episode
from dmi_sim.rollout.evaluate import evaluate, summarise
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED, evaluation_seeds
from dmi_sim.spec.curriculum import PracticeSpec, ValidationSpec
from dmi_sim.training.bundle import Setting
from dmi_sim.training.curriculum import exercises_of, practice_arguments
from dmi_sim.training.policy import NumpyPolicy

VALIDATIONS = "validations.csv"
"""File with the validations along the way, in the folder of the training and in the bundle."""
FIRST_VALIDATION_SEED = FIRST_EVALUATION_SEED + 2**20
"""First seed of validations, beyond those of evaluation and of training."""
TESTED = ("success", "completion", "fell", *CALM)
"""Outcomes of the tests at the end that a bundle tells for each exercise."""


@dataclass(frozen=True)
class ValidationRow:
    """The validation of one exercise in one kind of hands.

    Attributes:
        steps: Control steps of training before it, of all slots.
        exercise: Exercise.
        support: Hands in which it was tested.
        episodes: Number of episodes.
        success: Share of them with success.
        completion: Mean completed share of the exercise, 0 to 1.
        duration_s: Mean time until a fall, or until the time was up [s].
        total_reward: Mean sum of rewards.
    """

    steps: int
    exercise: str
    support: str
    episodes: int
    success: float
    completion: float
    duration_s: float
    total_reward: float


def validate_practice(
    policy: NumpyPolicy,
    steps: int,
    practice: Sequence[PracticeSpec],
    validation: ValidationSpec,
    settings: Mapping[str, Setting],
) -> tuple[ValidationRow, ...]:
    """Test a policy in all that is practised.

    Hands are those of the practice. Hands that change with practice are left out: there the test is
    with as little support as the exercise allows.

    Args:
        policy: Policy to test, with deterministic actions.
        steps: Control steps of training before.
        practice: What is practised.
        validation: Number of episodes.
        settings: Arguments of all environments.
    """
    return tuple(_validated(policy, steps, one, validation.episodes, settings) for one in practice)


def rank(rows: Sequence[ValidationRow]) -> tuple[float, float, float]:
    """How good a policy is: success, completion and reward, each exercise counting alike."""
    by_exercise = [[one for one in rows if one.exercise == name] for name in _names(rows)]
    success, completion, reward = (
        float(np.mean([np.mean([getattr(one, name) for one in some]) for some in by_exercise]))
        for name in ("success", "completion", "total_reward")
    )
    return success, completion, reward


def best_steps(rows: Sequence[ValidationRow]) -> int | None:
    """Steps before the best validation, of equal ones the first; None without any."""
    steps = sorted({one.steps for one in rows})
    return max(steps, key=lambda at: rank([one for one in rows if one.steps == at]), default=None)


def is_due(steps: int, chunk_steps: int, validation: ValidationSpec) -> bool:
    """Whether a chunk of training reached the next validation.

    >>> [is_due(steps, 40, ValidationSpec(every_steps=100)) for steps in (0, 40, 80, 120, 200)]
    [False, False, False, True, True]
    """
    before = max(0, steps - chunk_steps)
    return steps // validation.every_steps > before // validation.every_steps


def read_validations(folder: Path) -> tuple[ValidationRow, ...]:
    """The validations so far, oldest first; none if there is no file.

    Raises:
        InputError: If the file is not one of validations.
    """
    path = folder / VALIDATIONS
    if not path.exists():
        return ()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_row(line) for line in csv.DictReader(file))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a table of validations: {error}") from error


def write_validations(folder: Path, rows: Sequence[ValidationRow]) -> None:
    """Write all validations so far, so that the file is whole at any time."""
    write_text(folder / VALIDATIONS, validations_text(rows))


def validations_text(rows: Sequence[ValidationRow]) -> str:
    """A table of validations as it stands in the file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [one.name for one in fields(ValidationRow)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue()


def test_scores(
    policy: NumpyPolicy,
    practice: Sequence[PracticeSpec],
    settings: Mapping[str, Setting],
    episodes: int,
) -> dict[str, dict[str, float]]:
    """Mean outcomes of tests on unseen seeds, by exercise, with as little support as it allows.

    Args:
        policy: Policy to test, with deterministic actions.
        practice: What was practised.
        settings: Arguments of all environments; hands are those of the test.
        episodes: Episodes of each exercise.
    """
    kept = {name: value for name, value in settings.items() if name != "support"}
    return {name: _tested(policy, name, kept, episodes) for name in exercises_of(practice)}


def _tested(
    policy: NumpyPolicy, exercise: str, settings: Mapping[str, Setting], episodes: int
) -> dict[str, float]:
    with closing(make_environment(environment_id(exercise), settings)) as env:
        rows = evaluate(policy, env, evaluation_seeds(episodes), {"support": None})
    means = {name: spread["mean"] for name, spread in summarise(rows).items()}
    return {name: means[name] for name in TESTED if np.isfinite(means[name])}


def _validated(
    policy: NumpyPolicy,
    steps: int,
    one: PracticeSpec,
    episodes: int,
    settings: Mapping[str, Setting],
) -> ValidationRow:
    played: list[tuple[float, float, int, float]] = []
    arguments = practice_arguments(one, 0, settings)
    with closing(make_environment(environment_id(one.exercise), arguments)) as env:
        hands = _hands(env)
        for number in range(episodes):
            age = practice_arguments(one, number, settings).get("age_months")
            options = {**hands, **({} if age is None else {"age_months": age})}
            played.append(_played(env, policy, FIRST_VALIDATION_SEED + number, options))
        site, hz = _site(env), env.metadata["render_fps"]
    success, completion, lengths, rewards = np.mean(played, axis=0).tolist()
    return ValidationRow(
        steps, one.exercise, site, episodes, success, completion, lengths / hz, rewards
    )


def _played(
    env: Env, policy: NumpyPolicy, seed: int, options: Mapping[str, object]
) -> tuple[float, float, int, float]:
    """Success, completed share, control steps and sum of rewards of one episode."""
    steps = [*episode(env, policy, seed, options)]
    info = steps[-1].info
    reward = sum(step.reward for step in steps)
    return float(info["is_success"]), info["completion"], len(steps) - 1, reward


def _hands(env: Env) -> dict[str, object]:
    """Options of a validation: none, or the least support where hands change with practice."""
    return {"support": None} if _schedule_changes(env) else {}


def _site(env: Env) -> str:
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        return "none"
    least = inner.build.spec.supports[-1]
    return least if _schedule_changes(env) else inner.support_schedule.site[0]


def _schedule_changes(env: Env) -> bool:
    inner = env.unwrapped
    return isinstance(inner, PostureEnv) and inner.support_schedule.changes_with_practice


def _names(rows: Sequence[ValidationRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.exercise for one in rows))


def _row(line: Mapping[str, str]) -> ValidationRow:
    told: dict[str, Any] = {one.name: one.type(line[one.name]) for one in _FIELDS}  # type: ignore[operator] - int, float, str
    return ValidationRow(**told)


_FIELDS = fields(ValidationRow)
