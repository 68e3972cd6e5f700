"""Tiny curricula, and plans of training by them."""

from collections.abc import Mapping
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.names import INFANT_ID
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.training.plan import TrainingPlan

CATALOG = Catalog.shipped()
TINY = {"total_steps": 144, "n_steps": 8, "batch_size": 24, "n_epochs": 1, "chunk_rollouts": 2}
"""Chunks of 48 steps of three slots, shorter than any episode: nothing is learnt, all is run."""
PRACTICE: list[dict[str, Any]] = [
    {"exercise": "sitting", "slots": 2, "ages_months": [5, 7]},
    {"exercise": "standing", "support": "pelvis", "support_strength": 0.5},
]


def curriculum(
    practice: list[dict[str, Any]] = PRACTICE,
    teachers: Mapping[str, str] | None = None,
    **settings: Any,
) -> CurriculumSpec:
    return CurriculumSpec.model_validate(
        {
            "title": "Two exercises",
            "practice": practice,
            "teachers": teachers or {},
            "validation": {"every_steps": 96, "episodes": 1},
            "training": {**TINY, "net_arch": [8], **settings},
        }
    )


def tiny_plan(**changes: Any) -> TrainingPlan:
    """A plan whose chunks are too short for whole episodes, which only tests may have."""
    chosen = curriculum()
    return TrainingPlan(
        environment_id=INFANT_ID,
        training=chosen.training,
        practice=chosen.practice,
        validation=chosen.validation,
        seed=1,
    ).model_copy(update=changes)
