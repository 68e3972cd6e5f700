"""What a study of programmes rests on: whose words programmes render, and what is assumed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.report.background import reference_text
from dmi_sim.report.markup import Html, element, fold, paragraph, section, table
from dmi_sim.report.programme_elements import rule_words
from dmi_sim.report.programme_question import ProgrammeQuestion
from dmi_sim.spec.background import RenderedSpec
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.programme import ProgrammeSpec, TimetableSpec
from dmi_sim.spec.references import Reference, References
from dmi_sim.tables import number, plain_words

_RULES = ("exercise", "site", "firmness", "provocation", "stretch")
_NOT_PUBLISHED = "not published"


def rests_section(
    courses: Sequence[Course],
    titles: Mapping[str, str],
    question: ProgrammeQuestion,
    catalog: Catalog,
) -> Html:
    """What every programme renders and assumes, and the numbers that are assumed for all.

    Args:
        courses: Courses of all children.
        titles: Titles of the arms, by name, in planned order.
        question: What the study asks; it knows how children learn, and what is assumed for all.
        catalog: Source of the references.
    """
    programmes = {one.arm: one.programme for one in courses}
    return section(
        "rests",
        "What this rests on",
        paragraph(
            "A programme here is a few rules that a simulated therapist follows. It renders words "
            "of somebody, as told below; the words are theirs, the rules are ours. Whoever works "
            "by such a programme may do otherwise. Everything else is assumed, and another choice "
            "could give another answer."
        ),
        *(_programme(titles[arm], programmes[arm], catalog) for arm in titles),
        *_for_all(question.assumed),
        *_learner(question.brain),
        element("h3", "References"),
        *_references(programmes.values(), catalog),
    )


def _programme(title: str, spec: ProgrammeSpec, catalog: Catalog) -> Html:
    rendered = spec.background.rendered
    words = (
        table(
            ["Words", "Said by", "Source", "Rendered by"],
            (_rendered_row(one, catalog) for one in rendered),
            class_="tight",
        )
        if rendered
        else paragraph("It renders nobody's words.")
    )
    assumed = [element("li", line) for line in spec.background.assumed]
    return fold(
        f"{title}: {len(rendered)} sayings that it renders, {len(assumed)} assumptions",
        table(["Rule", "What it is"], _rule_rows(spec)),
        words,
        paragraph("Assumed:"),
        element("ul", *assumed),
    )


def _rule_rows(spec: ProgrammeSpec) -> Iterator[list[str]]:
    for field in _RULES:
        yield [plain_words(field).capitalize(), rule_words(getattr(spec, field))]
    yield [
        "Repetitions",
        f"{spec.repetitions} of an exercise before the next, {spec.rest_s:g} s rest",
    ]
    yield ["Timetable", timetable_words(spec.timetable)]


def timetable_words(timetable: TimetableSpec) -> str:
    """When the therapist comes and how long a child plays, in words.

    Args:
        timetable: The timetable.
    """
    play = [
        f"{number(one.minutes_a_day, 0)} min a day from {one.from_months:g} months"
        for one in timetable.free_play
    ]
    comes = (
        f"{timetable.sessions_a_week} times a week for {timetable.minutes_a_session:g} min, over "
        f"{timetable.weeks} weeks from {timetable.age_months:g} months"
        if timetable.sessions_a_week
        else f"nobody, over {timetable.weeks} weeks from {timetable.age_months:g} months"
    )
    pauses = [
        f"pause in weeks {one.from_week} to {one.to_week}"
        if one.from_week
        else f"nobody before week {one.to_week + 1}"
        for one in timetable.pauses
    ]
    return "; ".join([comes, *pauses, f"free play: {', '.join(play) or 'none'}"])


def _rendered_row(one: RenderedSpec, catalog: Catalog) -> list[str]:
    return [one.words, one.said_by, _cited(one.source, catalog), ", ".join(one.by)]


def _cited(key: str | None, catalog: Catalog) -> str:
    if key is None:
        return _NOT_PUBLISHED
    found = _known(catalog).get(key)
    return key if found is None else f"{found.authors} ({found.year})"


def _known(catalog: Catalog) -> Mapping[str, Reference]:
    return catalog.load(References, "references").references


def _for_all(assumed: Sequence[str]) -> Iterator[Html]:
    """What the study assumes for all arms."""
    if assumed:
        yield fold(
            f"The study, in every arm alike: {len(assumed)} assumptions",
            element("ul", *(element("li", line) for line in assumed)),
        )


def _learner(brain: BrainSpec | None) -> Iterator[Html]:
    """How children learn, all of it assumed."""
    if brain is None:
        return
    minutes = brain.practice_minutes_per_minute
    settings = brain.training.model_dump(mode="json", exclude_unset=True)
    yield fold(
        f"How a child learns, in every arm alike: {len(settings) + 1} numbers, all assumed",
        paragraph(
            f"For one minute of the timetable {minutes.value:g} minutes of practice are simulated "
            f"({minutes.basis}: {minutes.note or 'no note'}). So ages at which something is learnt "
            "depend on this number; differences between arms that have the same one do so less."
        ),
        table(
            ["Setting of the learner", "Is set to"],
            ([plain_words(name), str(value)] for name, value in settings.items()),
        ),
    )


def _references(programmes: Iterable[ProgrammeSpec], catalog: Catalog) -> Iterator[Html]:
    keys = sorted(
        {one.source for spec in programmes for one in spec.background.rendered if one.source}
    )
    found = [reference_text(_known(catalog)[key]) for key in keys if key in _known(catalog)]
    entries = [element("li", text) for text in sorted(found)]
    yield element("ul", *entries) if entries else paragraph("None.")
