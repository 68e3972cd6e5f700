"""Train one policy in a folder of its own: manifest, checkpoints, at the end a policy bundle."""

from collections.abc import Callable, Generator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from dmi_sim.errors import InputError
from dmi_sim.files import write_bytes
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.base import Strict
from dmi_sim.spec.curriculum import ITSELF
from dmi_sim.training.best import keep_best, test_best
from dmi_sim.training.bundle import POLICY_FOLDER, ancestor, save_bundle
from dmi_sim.training.checkpoints import TrainingRow, checkpoints
from dmi_sim.training.curriculum import practice_groups
from dmi_sim.training.library import policy_folder
from dmi_sim.training.plan import TrainingPlan
from dmi_sim.training.policy import NumpyPolicy
from dmi_sim.training.slots import MakeEnv, SlotGroup
from dmi_sim.training.tensorboard import require_tensorboard
from dmi_sim.training.trainer import Trainer
from dmi_sim.training.validation import is_due
from dmi_sim.training.versions import versions

OnProgress = Callable[[TrainingRow], None]
Validate = Callable[[NumpyPolicy], Mapping[str, float]]

Status = Literal["running", "done", "interrupted", "failed"]

MANIFEST = "manifest.json"


class TrainingManifest(Strict):
    """The content of ``manifest.json`` in a training folder."""

    plan: TrainingPlan
    until_steps: int
    """Control steps of training aimed at."""
    steps: int
    """Control steps done when this was written."""
    status: Status
    versions: dict[str, str]
    written_utc: str


def train(
    plan: TrainingPlan,
    folder: Path,
    *,
    until_steps: int | None = None,
    resume: bool = False,
    on_progress: OnProgress | None = None,
    validate: Validate | None = None,
    tests: int = 20,
    begin_with: Path | None = None,
    allow_other_exercise: bool = False,
    tensorboard: Path | None = None,
) -> Path:
    """Train a policy, saving after every chunk.

    Of a curriculum the best policy by validation is kept, and is there while training goes on.

    Args:
        plan: Environment, settings and seed.
        folder: Folder for everything; must be new or empty unless resumed.
        until_steps: Control steps in all; ``plan.training.total_steps`` if None.
        resume: Go on from the last checkpoint, exactly as if there had been no stop.
        on_progress: Called after every chunk.
        validate: Function that computes the scores for the bundle; a curriculum has tests of its
            own, see :mod:`dmi_sim.training.validation`.
        tests: Episodes of each exercise of a curriculum in the tests at the end.
        begin_with: Bundle of the policy to begin with; a resumed training needs it no more,
            but where it is its own teacher.
        allow_other_exercise: Whether that policy may be one of another exercise.
        tensorboard: Folder for TensorBoard; None for none.

    Returns:
        Folder of the policy bundle.

    Raises:
        InputError: If the folder holds something else, the environment is unknown, or a resumed
            plan differs from the saved one; nothing is written then.
    """
    target = plan.training.total_steps if until_steps is None else until_steps
    if begin_with is not None:
        begun = ancestor(begin_with).policy_sha256
        plan = plan.model_copy(update={"begin_with_sha256": begun})
    teachers = _teachers(plan, begin_with)
    hashes = {name: ancestor(bundle).policy_sha256 for name, bundle in teachers.items()}
    plan = plan.model_copy(update={"teachers_sha256": hashes})
    if tensorboard is not None:
        require_tensorboard()
    _check_folder(folder, plan, resume=resume)
    trainer = _trainer(
        plan, folder, begin_with, teachers, allow_other_exercise=allow_other_exercise
    )
    if tensorboard is not None:
        trainer.watch(tensorboard=tensorboard)
    with closing(trainer), _manifest_kept(folder, plan, target, trainer):
        while trainer.steps < target:
            _keep_best_if_due(trainer, plan, folder)
            _share_time(trainer, plan)
            trainer.train_until(trainer.steps + 1)
            trainer.save()
            (on_progress or _no_report)(trainer.training_rows[-1])
        if plan.practice:
            keep_best(trainer, plan, folder)
            test_best(plan, folder, tests)
            return folder / POLICY_FOLDER
        scores = validate(trainer.policy) if validate else {}
        metadata = trainer.metadata(plan.environment_kwargs, scores)
        save_bundle(folder / POLICY_FOLDER, trainer.policy, metadata)
    return folder / POLICY_FOLDER


def _keep_best_if_due(trainer: Trainer, plan: TrainingPlan, folder: Path) -> None:
    """Validate what the last chunk left, also if a stop came between the two.

    What a training begins with is validated too: it may be better than all that comes after it.
    """
    begins_with_another = trainer.steps == 0 and plan.begin_with_sha256 is not None
    chunk_steps = plan.training.chunk_steps
    if plan.practice and (
        begins_with_another or is_due(trainer.steps, chunk_steps, plan.validation)
    ):
        keep_best(trainer, plan, folder)


def _share_time(trainer: Trainer, plan: TrainingPlan) -> None:
    """Let each exercise have the slots that it has from now on."""
    if not plan.is_later(trainer.steps):
        return
    later = practice_groups(plan.practice, plan.environment_kwargs, later=True)
    if trainer.slots != tuple(len(group.makes) for group in later):
        trainer.practise(later)


def is_begun(folder: Path) -> bool:
    """Whether a training has begun in a folder, so that it can be resumed."""
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> TrainingManifest:
    """The manifest of a training folder.

    Raises:
        InputError: If there is no manifest, or it cannot be read.
    """
    path = folder / MANIFEST
    try:
        return TrainingManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; nothing to resume here") from error
    except ValidationError as error:
        raise InputError(f"{path}: not a manifest of training: {error}") from error


def _trainer(
    plan: TrainingPlan,
    folder: Path,
    begin_with: Path | None,
    teachers: Mapping[str, Path],
    *,
    allow_other_exercise: bool,
) -> Trainer:
    make_env = _make_env(plan)
    if checkpoints(folder):
        return Trainer.resume(folder, make_env, teachers)
    return Trainer.start(
        make_env,
        plan.training,
        plan.seed,
        folder,
        learner=plan.learner,
        begin_with=begin_with,
        allow_other_exercise=allow_other_exercise,
        teachers=teachers,
    )


def _teachers(plan: TrainingPlan, begin_with: Path | None) -> dict[str, Path]:
    """The bundle of the teacher of each exercise that has one."""
    return {
        exercise: policy_folder(policy) if policy != ITSELF else _itself(exercise, begin_with)
        for exercise, policy in plan.teachers.items()
    }


def _itself(exercise: str, begin_with: Path | None) -> Path:
    if begin_with is None:
        problem = "the policy that practice begins with is not named; name it with --from"
        raise InputError(f"teachers.{exercise}: {ITSELF}: {problem}")
    return begin_with


def _make_env(plan: TrainingPlan) -> MakeEnv | tuple[SlotGroup, ...]:
    if plan.practice:
        return practice_groups(plan.practice, plan.environment_kwargs)
    return partial(make_environment, plan.environment_id, plan.environment_kwargs)


@contextmanager
def _manifest_kept(
    folder: Path, plan: TrainingPlan, target: int, trainer: Trainer
) -> Generator[None, None, None]:
    """Keep the manifest up to date, however the training ends."""

    def write_status(status: Status) -> None:
        manifest = TrainingManifest(
            plan=plan,
            until_steps=target,
            steps=trainer.steps,
            status=status,
            versions=versions(),
            written_utc=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        write_bytes(folder / MANIFEST, (manifest.model_dump_json(indent=2) + "\n").encode())

    write_status("running")
    try:
        yield
    except BaseException as end:
        write_status("interrupted" if isinstance(end, KeyboardInterrupt) else "failed")
        raise
    write_status("done")


def _check_folder(folder: Path, plan: TrainingPlan, *, resume: bool) -> None:
    if resume:
        _refuse_other_plan(folder, read_manifest(folder).plan, plan)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"{folder}: not empty; resume the training in it or name a new folder")


def _refuse_other_plan(folder: Path, saved: TrainingPlan, wanted: TrainingPlan) -> None:
    different = saved.differences(wanted)
    if different:
        raise InputError(*(f"{folder}: {line}" for line in different))


def _no_report(_row: TrainingRow) -> None:
    """Report nothing."""
