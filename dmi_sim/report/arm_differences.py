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
    """The simulated hours of practice: one dose, several, or those of the arms."""
    study, design = context.study, context.design
    doses = {arm: study.doses_of(arm) for arm in context.titles}
    if design is None or len({*doses.values()}) == 1 == len(study.dose.steps):
        return _hours_text(context.training_h)
    if len(study.dose.steps) > 1:
        arm = next(iter(doses))
        each = [_hours_text(design.hours(arm, steps)) for steps in study.dose.steps]
        return " or ".join(each)
    own = (
        f"{lower_first(context.titles[arm])} {_hours_text(design.hours(arm, steps[0]))}"
        for arm, steps in doses.items()
    )
    return f"the time of its arm ({', '.join(own)})"


def _hours_text(hours: float) -> str:
    """Practice in simulated hours, or in minutes where it is less than a tenth of an hour."""
    if hours < 0.1:
        return f"{number(60 * hours, 1)} simulated minutes"
    return f"{number(hours, 2)} simulated hours"
