"""The assessments that an unfinished cell of a child has made already, trusted only when whole.

The file of an assessment holds it and its hash. An assessment needs the child as it was then, so a
child that has lived beyond one which is lost has to begin again.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dmi_sim.child.assessment import Assessment
from dmi_sim.files import write_text
from dmi_sim.provenance import fingerprint
from dmi_sim.spec.base import Strict

_ASSESSMENT = TypeAdapter(Assessment)
Plain = dict[str, object]


class _Kept(Strict):
    assessment: Plain
    sha256: str


def plain_assessment(assessment: Assessment) -> Plain:
    """An assessment as JSON holds it."""
    return _ASSESSMENT.dump_python(assessment, mode="json")


def assessment_of(plain: Mapping[str, object]) -> Assessment:
    """The assessment that JSON held.

    Raises:
        pydantic.ValidationError: If it is none.
    """
    return _ASSESSMENT.validate_python(plain)


def keep_assessment(work: Path, number: int, assessment: Assessment) -> None:
    """Write an assessment with its hash.

    Args:
        work: Working folder of the cell.
        number: Number of the assessment, from 0.
        assessment: What was found.
    """
    plain = plain_assessment(assessment)
    kept = _Kept(assessment=plain, sha256=fingerprint(plain))
    write_text(_path(work, number), kept.model_dump_json(indent=2) + "\n")


def kept_assessment(work: Path, number: int) -> Assessment | None:
    """An assessment as it was kept; None if it is not made yet, or damaged.

    Args:
        work: Working folder of the cell.
        number: Number of the assessment, from 0.
    """
    try:
        kept = _Kept.model_validate_json(_path(work, number).read_bytes())
        if kept.sha256 != fingerprint(kept.assessment):
            return None
        return assessment_of(kept.assessment)
    except (OSError, ValidationError):
        return None


def _path(work: Path, number: int) -> Path:
    return work / f"assessment_{number:03d}.json"
