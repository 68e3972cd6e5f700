"""The manifest of a run: its study, the software and files behind it, and how far it came."""

from typing import Generic, Literal, TypeAlias

from typing_extensions import TypeVar

from dmi_sim.provenance import Provenance
from dmi_sim.spec.base import Strict
from dmi_sim.spec.studies import AnyStudy, Study, StudySpec
from dmi_sim.study.resolved import ResolvedDesign

CONTEXT_OF_USE = (
    "Simulation, not clinical evidence: for education and for making hypotheses, "
    "never for a decision about a child."
)


class FailedCell(Strict):
    """A cell that was given up."""

    cell: str
    label: str
    attempts: int
    reason: str


StudyT = TypeVar("StudyT", bound=Study, default=StudySpec, covariant=True)


class RunManifest(Strict, Generic[StudyT]):
    """The study of a run, the software and files behind it, and its status."""

    schema_version: Literal[2] = 2
    context_of_use: str = CONTEXT_OF_USE
    study: str
    run_hash: str
    """Hash of the resolved study and of all its cells."""
    quick: bool
    standard: bool = False
    status: Literal["running", "done", "failed", "interrupted"]
    """``done``: every cell is finished; ``failed``: the run ended without some of them."""
    spec: StudyT
    """The study as it ran: quick form and settings applied."""
    cells: dict[str, str]
    """All planned cells in words, by key, in the order of the tables."""
    done: int = 0
    failed_cells: tuple[FailedCell, ...] = ()
    provenance: Provenance
    design: ResolvedDesign | None = None
    """Physics, learners and rewards of the arms, as the files had them."""
    preregistration: str = ""
    """SHA-256 of the pre-registration, which was written before any cell ran."""
    sources: dict[str, str]
    """SHA-256 of each file that describes infants and exercise, and of each plug-in."""
    started_utc: str
    ended_utc: str | None = None
    wall_s: float = 0.0
    """Wall time, summed over resumed runs [s]."""
    marks: dict[str, str] = {}
    """SHA-256 of the commit mark of each finished cell, by key; other cells do not count."""
    files: dict[str, str] = {}
    """SHA-256 of the tables once the run has ended, and of its report once that is written."""

    @property
    def form(self) -> str:
        """``quick form`` or ``standard form``; nothing for the full study."""
        return "quick form" if self.quick else "standard form" if self.standard else ""


AnyManifest: TypeAlias = RunManifest[AnyStudy]
"""The manifest of a run of any kind of study."""
