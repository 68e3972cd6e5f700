"""What arms differ in beside the hands, so that no difference is laid to the hands alone."""

from collections.abc import Iterator, Mapping

from dmi_sim.report.context import ReportContext
from dmi_sim.report.labels import lower_first
from dmi_sim.tables import number


def beyond_hands(context: ReportContext) -> Iterator[str]:
    """One sentence for each arm that has something of its own, and what follows from it."""
    own = {arm: ", ".join(_own(context, arm)) for arm in context.titles}
    told = {arm: words for arm, words in own.items() if words}
    for arm, words in told.items():
        yield f"Of its own the arm \u201c{lower_first(context.titles[arm])}\u201d had {words}."
    if told:
        yield (
            "So arms differ in more than the hands, and a difference between them can come from "
            "that."
        )


def _own(context: ReportContext, arm: str) -> Iterator[str]:
    spec = context.study.arms[arm]
    if spec.age_months is not None:
        yield f"infants of {spec.age_months:g} months"
    if spec.dose is not None:
        yield f"a dose of {spec.dose.training_steps} control steps"
    weights = {name: change.weight for name, change in spec.rewards.items()}
    yield from (f"the reward {one}" for one in _pairs(weights, "weighted"))
    yield from (f"the learner's {one}" for one in _pairs(spec.training, "set to"))


def _pairs(values: Mapping[str, object], verb: str) -> Iterator[str]:
    for name, value in values.items():
        shown = f"{value:g}" if isinstance(value, float) else value
        yield f"{name.replace('_', ' ')} {verb} {shown}"


def practice_words(context: ReportContext) -> str:
    """The simulated hours of practice, one dose or several; empty where each arm has its own."""
    study, design = context.study, context.design
    if _own_hours(context):
        return ""
    if design is None or len(study.dose.steps) == 1:
        return f" for {_hours_text(context.training_h)}"
    arm = next(iter(context.titles))
    each = [_hours_text(design.hours(arm, steps)) for steps in study.dose.steps]
    return f" for {' or '.join(each)}"


def arm_words(context: ReportContext) -> list[str]:
    """The arms for the middle of a sentence, each with its hours where these differ."""
    own = _own_hours(context)
    titles = {arm: lower_first(title) for arm, title in context.titles.items()}
    return [f"{title}, for {own[arm]}" if own else title for arm, title in titles.items()]


def _own_hours(context: ReportContext) -> dict[str, str]:
    """The hours of each arm if arms differ in them, else nothing."""
    study, design = context.study, context.design
    doses = {arm: study.doses_of(arm) for arm in context.titles}
    if design is None or len({*doses.values()}) == 1:
        return {}
    return {arm: _hours_text(design.hours(arm, steps[0])) for arm, steps in doses.items()}


def _hours_text(hours: float) -> str:
    """Practice in simulated hours, or in minutes where it is less than a tenth of an hour."""
    if hours < 0.1:
        return f"{number(60 * hours, 1)} simulated minutes"
    return f"{number(hours, 2)} simulated hours"
