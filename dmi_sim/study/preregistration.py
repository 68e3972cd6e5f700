"""The pre-registration of a run: what it asks and how it will be answered, before any cell runs.

It is written once, into the new folder of a run; the manifest holds its hash. Nothing rewrites it,
so a reader can see that question, margin and analysis were fixed before there was a result.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias, cast

from dmi_sim.outcome.practice import PRACTICE_OUTCOMES
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.provenance import file_sha256
from dmi_sim.spec.arm import ArmSpec
from dmi_sim.spec.study import ConditionChoice, StudySpec
from dmi_sim.statistics.p_values import ALPHA, FEWEST_TO_DECIDE
from dmi_sim.study.run_manifest import AnyManifest, RunManifest
from dmi_sim.tables import markdown, number

PREREGISTRATION = "preregistration.md"

Registered: TypeAlias = Literal["unchanged", "changed", "missing", "none"]
"""State of a pre-registration; ``none`` for a run that was begun without one."""


def preregistration_state(run: Path, manifest: AnyManifest) -> Registered:
    """Whether the pre-registration of a run is still what was written before it ran."""
    if not manifest.preregistration:
        return "none"
    path = run / PREREGISTRATION
    if not path.is_file():
        return "missing"
    return "unchanged" if file_sha256(path) == manifest.preregistration else "changed"


def preregistration_text(manifest: RunManifest) -> str:
    """The pre-registration of a run that has not begun, in Markdown.

    Args:
        manifest: The manifest of the run, which holds the study as it is going to run.
    """
    return framed(manifest, _sections(manifest), "any infant", _STOPPING)


def framed(manifest: AnyManifest, sections: Iterable[str], who: str, stopping: str) -> str:
    """A pre-registration: what is the same for all kinds of studies, and between it the rest.

    Args:
        manifest: The manifest of the run.
        sections: Lines that tell arms, infants, outcome and analysis.
        who: Who has not practised yet.
        stopping: When the study ends.
    """
    return "\n".join([*_lines(manifest, sections, who, stopping), ""])


def _lines(
    manifest: AnyManifest, sections: Iterable[str], who: str, stopping: str
) -> Iterator[str]:
    study = manifest.spec
    form = f" ({manifest.form})" if manifest.form else ""
    yield f"# Pre-registration: {study.title}"
    yield from ("", f"> {manifest.context_of_use}", "")
    yield (
        f"Written {manifest.started_utc}, before {who} of run `{manifest.run_hash[:16]}` of "
        f"study `{manifest.study}`{form} practised. Nothing rewrites this file; the manifest of "
        "the run holds its SHA-256."
    )
    yield from ("", "## Question", "", study.question, "", "## Background", "", study.background)
    yield from sections
    yield from ("", "## Stopping rule", "", stopping)
    yield from ("", "## Plan", "", *_plan(manifest))
    settings = json.dumps(study.model_dump(mode="json"), indent=2, ensure_ascii=False)
    yield from ("", "## All settings", "", "```json", settings, "```")


def _sections(manifest: RunManifest) -> Iterator[str]:
    study = manifest.spec
    yield from ("", "## Arms", "", *markdown(*_arm_table(manifest)))
    yield from ("", "## Infants", "", *_infants(study))
    yield from ("", "## Practice and tests", "", *_tests(manifest))
    yield from ("", "## Primary outcome", "", *_primary(study))
    yield from ("", "## Comparisons", "", *_comparisons(study))
    yield from ("", "## Analysis", "", *_analysis(study))


_STOPPING = (
    "All planned cells run; no result is looked at to decide whether to go on. A run that is "
    "stopped and resumed gives the same numbers. A cell that fails three times is given up and "
    "listed; its infant then counts in no comparison with that arm."
)


def _arm_table(manifest: RunManifest) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    head = ("Arm", "Hands in practice", "Dose [control steps]", "Of its own")
    study = manifest.spec
    return head, [
        (name, _hands(arm), ", ".join(map(str, study.doses_of(name))), _own(arm))
        for name, arm in study.arms.items()
    ]


def _hands(arm: ArmSpec) -> str:
    """The hands of an arm: a site with its firmness, or the schedule as the file has it."""
    support = arm.model_dump(mode="json", by_alias=True, exclude_none=True)["support"]
    said = support if isinstance(support, str) else _as_in_a_file(support)
    return said if said == "none" else f"{said}, strength {arm.support_strength:g}"


def _as_in_a_file(value: object) -> str:
    """A value as a line of YAML has it, such as ``{site: [pelvis], firmness: 0.5}``."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return f"{{{', '.join(f'{name}: {_as_in_a_file(one)}' for name, one in fields.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_as_in_a_file, cast('list[object]', value)))}]"
    return f"{value:g}" if isinstance(value, float) else f"{value}"


def _own(arm: ArmSpec) -> str:
    said = arm.model_dump(mode="json", include={"age_months", "rewards", "training"})
    return "; ".join(f"{name}: {json.dumps(value)}" for name, value in said.items()) or "nothing"


def _infants(study: StudySpec) -> Iterator[str]:
    conditions = (
        " ".join([_name_and_severity(one), *_options(one.options)]) for one in study.conditions
    )
    yield f"- {study.seeds} infants of each kind in each arm; the unit of analysis is the infant."
    yield (
        "- Arms are paired: the same infant, with the same first controller, noise and tests, "
        "practises in every arm."
    )
    bodies = {
        "one_body": "all infants of one kind share one body and differ in their random numbers",
        "cohort": "each infant has a body of its own, drawn from the growth standard",
    }
    yield f"- Bodies: {bodies[study.subjects]}."
    yield f"- Conditions: {', '.join(conditions)}."
    yield f"- Ages [months]: {', '.join(f'{age:g}' for age in study.ages_months)}."
    yield f"- Sexes: {', '.join(study.sexes)}. First seed: {study.first_seed}."


def _name_and_severity(one: ConditionChoice) -> str:
    """A condition with its severity; typical development has none."""
    return one.name if one.name == "typical" else f"{one.name} (severity {one.severity:g})"


def _options(options: dict[str, str | float]) -> Iterator[str]:
    yield from (f"{name}={value}" for name, value in options.items())


def _tests(manifest: RunManifest) -> Iterator[str]:
    study, design = manifest.spec, manifest.design
    kinds = " and ".join("with pushes" if push else "without pushes" for push in study.test.pushes)
    yield f"- Exercise: `{study.exercise}`{f', {design.exercise_title}' if design else ''}."
    yield (
        f"- {study.dose.evaluations} evaluations evenly along the dose, the first before any "
        f"practice; {study.test.episodes} episodes {kinds} at each, on seeds that practice never "
        "draws."
    )
    if design:
        hours = (design.hours(arm, one) for arm in study.arms for one in study.doses_of(arm))
        doses = ", ".join(number(one, 3) for one in dict.fromkeys(hours))
        yield f"- Dose in simulated hours, rounded up to whole chunks of training: {doses}."
        yield f"- Hands during tests: {', '.join(design.tested_with)}."
        yield f"- Physics {design.physics_hz} Hz, control {design.control_hz} Hz."
    if study.test.transfer:
        yield f"- Also tested, without practice, in: {', '.join(study.test.transfer)}."


def _primary(study: StudySpec) -> Iterator[str]:
    primary = study.primary_outcome
    found = PRACTICE_OUTCOMES.get(primary.outcome) or OUTCOMES[primary.outcome]
    yield f"- `{primary.outcome}` [{found.unit}], {found.title}: {found.definition}."
    if primary.waits:
        yield (
            f"- Criterion: {primary.share_waited_for:g} of the tests. An infant that never meets "
            "it counts with its whole dose (restricted mean time); these infants are counted and "
            "told."
        )
    else:
        summary = {
            "area_under_curve": "mean over the dose (area under the learning curve over dose)",
            "last_evaluation": "the last evaluation",
        }[primary.summary]
        yield f"- One number for each infant and arm: {summary}."
    where = primary.exercise or study.exercise
    hands = f" in hands: {primary.support}" if primary.support else ""
    pushes = "with" if primary.pushed else "without"
    yield f"- Measured in tests of `{where}`{hands}, {pushes} pushes."
    yield f"- Differences within ±{primary.equivalence_margin:g} would not matter."


def _comparisons(study: StudySpec) -> Iterator[str]:
    for first, second in study.primary_outcome.comparisons:
        yield f"- {first} minus {second}, in each kind of infants"


def _analysis(study: StudySpec) -> Iterator[str]:
    yield (
        "- Differences are taken infant by infant. The interval of 95 % reaches over the t "
        "interval and the bias-corrected bootstrap interval of their mean."
    )
    yield (
        "- p: paired t test, corrected by Holm for all comparisons; beside it the sign-flip test. "
        "Equivalence: two one-sided tests against the margin, corrected by Holm too."
    )
    yield (
        f"- With at least {FEWEST_TO_DECIDE} infants a difference or an equivalence is claimed "
        f"only where the interval and the corrected p (below {ALPHA:g}) both show it. Fewer "
        "infants are described; no verdict is given of them."
    )
    if study.seeds < FEWEST_TO_DECIDE:
        yield f"- This run has {study.seeds} infants of each kind, so it describes."
    asked = study.primary_outcome.interactions
    if asked:
        yield (
            f"- Interactions with {', '.join(asked)}: Welch's interval of the difference of "
            "differences, corrected by Holm for the number of interactions."
        )
    yield "- Everything else in the report is secondary: it is told without correction."


def _plan(manifest: AnyManifest) -> Iterator[str]:
    provenance = manifest.provenance
    yield f"- Hash of the study and of all its cells: `{manifest.run_hash}`"
    yield f"- Cells: {len(manifest.cells)}"
    yield f"- Code: `{provenance.code_sha256}`"
    yield f"- Versions: {', '.join(f'{k} {v}' for k, v in provenance.versions.items())}"
    yield f"- Files of infants and exercise: {len(manifest.sources)}; the manifest has their hashes"
