"""All that a teacher can choose, read from the files of this installation."""

from collections.abc import Mapping

from dmi_sim.aliases import canonical, in_plain_words
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.live.infant import POLICY
from dmi_sim.live.messages import Choices, ExerciseOption, InfantChoice, Option
from dmi_sim.names import conditions, exercises, is_old, support_sites
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.support import SupportSpec


def all_choices() -> Choices:
    """Exercises, conditions, sites and controllers."""
    catalog = Catalog.shipped()
    options = exercise_options()
    others = {site for one in options for site in one.supports} - {*support_sites()}
    sites = (*support_sites()[:-1], *sorted(others), "none")
    return Choices(
        exercises=options,
        conditions=tuple(
            Option(name=name, title=catalog.load(ConditionSpec, name).title)
            for name in conditions()
        ),
        sites=tuple(
            Option(name=name, title=catalog.load(SupportSpec, name).title) for name in sites
        ),
        control_hz=catalog.load(ExerciseSpec, options[0].name).control_hz,
        policy=POLICY,
    )


def exercise_options() -> tuple[ExerciseOption, ...]:
    """The exercises, without those of version 0, which have interfaces of their own."""
    from dmi_sim.training.library import practised_by

    catalog, practised = Catalog.shipped(), practised_by(POLICY)
    specs = {n: catalog.load(ExerciseSpec, n) for n in exercises() if not is_old(n)}
    return tuple(
        ExerciseOption(
            name=name,
            title=spec.title,
            age_months=spec.age_months,
            duration_s=spec.duration_s,
            supports=spec.supports,
            has_pushes=spec.pushes is not None,
            practised=name in practised,
        )
        for name, spec in specs.items()
    )


def changed(
    choice: InfantChoice, changes: Mapping[str, object], known: Mapping[str, ExerciseOption]
) -> InfantChoice:
    """A choice with some of it changed; all that another exercise does not know is made to fit.

    Aliases are taken, such as ``hips`` and ``cp``; what is chosen has the names for them.

    Another exercise has an age of its own, hands at its most distal site where it does not know
    theirs, and no pushes where it has none.

    Raises:
        InputError: If there is no such exercise.
    """
    name = str(canonical(changes.get("exercise", choice.exercise), known))
    if name not in known:
        raise InputError(f"exercise: no '{name}'; {did_you_mean(name, known)}")
    exercise = known[name]
    plain = in_plain_words(
        {**changes, "exercise": name}, condition=conditions(), site=exercise.supports
    )
    fitted = choice.model_copy(update={**_of_exercise(choice, exercise), **plain})
    return fitted.model_copy(update={"pushes": fitted.pushes and exercise.has_pushes})


def _of_exercise(choice: InfantChoice, exercise: ExerciseOption) -> dict[str, object]:
    if exercise.name == choice.exercise:
        return {}
    site = choice.site if choice.site in exercise.supports else exercise.supports[-1]
    return {"age_months": exercise.age_months, "site": site}
