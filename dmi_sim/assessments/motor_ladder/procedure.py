"""The ladder: every exercise from lying to walking, tried alone and in hands at each site."""

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from dmi_sim.assessments.motor_ladder.result import (
    ItemFinding,
    LadderFinding,
    SiteFinding,
    hands_do_it,
    item_score,
)
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.rollout.controllers import SILENT_MUSCLES, Controller
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import completions
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.ladder import LadderSpec

OnProgress: TypeAlias = Callable[[float, str], None]
"""Told the share that is done and what comes next."""


@dataclass(frozen=True)
class Plan:
    """Which exercises are tried, with hands where, by age and from proximal to distal.

    Attributes:
        specs: The exercises by name, in the order of their typical age.
        sites: Sites to try, for each exercise.
    """

    specs: Mapping[str, ExerciseSpec]
    sites: Mapping[str, tuple[str, ...]]


def plan(
    exercises: Sequence[str] = (), sites: Sequence[str] = (), catalog: Catalog | None = None
) -> Plan:
    """What to try: of all exercises those named, at those of their sites that are named.

    Args:
        exercises: Names of files in ``envs/``; all if empty.
        sites: Names of files in ``models/supports/``, ``none`` among them; all if empty.
        catalog: Catalog with these files; that of this installation by default.

    Raises:
        InputError: If there is no such exercise, or no exercise is held at such a site.
    """
    catalog = catalog or Catalog.shipped()
    known = catalog.names(ExerciseSpec)
    _refuse_unknown("exercise", exercises, known)
    specs = {name: catalog.load(ExerciseSpec, name) for name in exercises or known}
    specs = dict(sorted(specs.items(), key=lambda item: item[1].typical_age_months))
    _refuse_unknown("site", sites, {site for spec in specs.values() for site in spec.supports})
    tried = {
        name: tuple(site for site in spec.supports if not sites or site in sites)
        for name, spec in specs.items()
    }
    return Plan(specs, tried)


def ladder(
    controllers: Mapping[str, Controller | None],
    rule: LadderSpec,
    chosen: Plan | None = None,
    infant: Mapping[str, Any] | None = None,
    on_progress: OnProgress | None = None,
    catalog: Catalog | None = None,
) -> LadderFinding:
    """Score a controller, which may be another one in each exercise.

    Deterministic: trials have the seeds of evaluations, which no policy is trained on, the same
    at every site and for the infant with silent muscles.

    Args:
        controllers: Controller of each exercise; None, or not named, for reflexes only (zero
            action).
        rule: Rules of the score, a file in ``models/assessments/ladder/``.
        chosen: Exercises and their sites; all of them if None.
        infant: Fields of :class:`dmi_sim.env.config.EnvConfig` that say who it is; by default the
            typical girl of the age that each exercise is made for.
        on_progress: Told before each site.
        catalog: Catalog with the exercises; that of this installation by default.

    Raises:
        InputError: If a controller is for no exercise, or there is no such infant.
    """
    catalog = catalog or Catalog.shipped()
    chosen = chosen or plan(catalog=catalog)
    _refuse_unknown("exercise", controllers, catalog.names(ExerciseSpec))
    count, items = sum(map(len, chosen.sites.values())), list[ItemFinding]()
    for name, spec in chosen.specs.items():
        before = sum(len(item.sites) for item in items)

        def tell(place: int, site: str, name: str = name, before: int = before) -> None:
            if on_progress is not None:
                on_progress((before + place) / count, f"{name}, hands: {site}")

        with _opened(name, spec, infant or {}) as env:
            found = climb(env, controllers.get(name), rule, chosen.sites[name], tell)
        items.append(ItemFinding(name, spec.dimension, spec.typical_age_months, found))
    return LadderFinding(tuple(items))


def climb(
    env: PostureEnv,
    controller: Controller | None,
    rule: LadderSpec,
    sites: Iterable[str],
    on_site: Callable[[int, str], None] | None = None,
) -> tuple[SiteFinding, ...]:
    """Score a controller in one exercise.

    Args:
        env: Environment of the exercise; it stays open.
        controller: Controller that acts; None for reflexes only (zero action).
        rule: Rules of the score.
        sites: Sites of the hands, one after the other.
        on_site: Told number and name of a site before it is tried.
    """
    found: list[SiteFinding] = []
    for place, site in enumerate(sites):
        if on_site is not None:
            on_site(place, site)
        found.append(_at_site(env, controller, rule, site))
    return tuple(found)


def _at_site(
    env: PostureEnv, controller: Controller | None, rule: LadderSpec, site: str
) -> SiteFinding:
    seeds = evaluation_seeds(rule.trials.value)
    hands = {"support": site, "support_strength": rule.strength.value}
    silent_muscles = completions(env, None, seeds, {**hands, **SILENT_MUSCLES})
    if hands_do_it(silent_muscles):
        return SiteFinding(site, (), silent_muscles, None)
    completion = completions(env, controller, seeds, hands)
    return SiteFinding(
        site, completion, silent_muscles, item_score(completion, silent_muscles, rule)
    )


@contextmanager
def _opened(exercise: str, spec: ExerciseSpec, infant: Mapping[str, Any]) -> Generator[PostureEnv]:
    env = PostureEnv(EnvConfig(exercise, support=spec.supports[-1], **infant))
    try:
        yield env
    finally:
        env.close()


def _refuse_unknown(what: str, names: Iterable[str], known: Collection[str]) -> None:
    problems = [
        f"{what}: no '{name}' on the ladder; {did_you_mean(name, known)}"
        for name in names
        if name not in known
    ]
    if problems:
        raise InputError(*problems)
