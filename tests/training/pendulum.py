"""Trainings in a small environment."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.checkpoints import newest_checkpoint
from dmi_sim.training.trainer import Trainer

PENDULUM = partial(make_environment, "Pendulum-v1", {})


def parameters(folder: Path) -> np.ndarray:
    """All numbers of the newest checkpoint: networks, optimisers, memory."""
    import torch

    def tensors(content: object) -> Iterator[torch.Tensor]:
        if isinstance(content, torch.Tensor):
            yield content.flatten().double()
        elif isinstance(content, dict):
            for one in content.values():
                yield from tensors(one)

    saved = newest_checkpoint(folder)
    return torch.cat([*tensors(saved.parameters), *tensors(saved.memory)]).numpy()


def trained(
    folder: Path,
    training: TrainingSpec,
    *stops: int,
    seed: int = 3,
    make_env: Callable[[], Env] = PENDULUM,
    learner: LearnerSpec | None = None,
) -> Path:
    """A folder with a checkpoint at the last stop; training was saved and resumed at the others."""
    trainer = Trainer.start(make_env, training, seed, folder, learner=learner)
    for stop in stops:
        trainer.train_until(stop)
        trainer.save()
        trainer.close()
        np.random.seed(stop)  # noqa: NPY002 - whatever else the process draws must not matter
        trainer = Trainer.resume(folder, make_env)
    trainer.close()
    return folder
