"""A therapist: rules that order the next trial from what has been seen, and from nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

from dmi_sim.errors import InputError, did_you_mean, require_within
from dmi_sim.registry import ItemT, Registry, bind
from dmi_sim.spec.programme import ProgrammeSpec, RuleSpec
from dmi_sim.therapy.exercise_rules import EXERCISE_RULES, ExerciseRule
from dmi_sim.therapy.firmness_rules import FIRMNESS_RULES, FirmnessRule
from dmi_sim.therapy.provocation_rules import PROVOCATION_RULES, Provocation, ProvocationRule
from dmi_sim.therapy.seen import Draw, Seen, drawn
from dmi_sim.therapy.site_rules import SITE_RULES, SiteRule
from dmi_sim.therapy.skills import NONE, Skill, Skills, skill_named
from dmi_sim.therapy.state import Order, TherapistState
from dmi_sim.therapy.stretch_rules import STRETCH_RULES, Stretch, StretchRule
from dmi_sim.therapy.trial import Trial, TrialRecord


@dataclass(frozen=True)
class Therapist:
    """A therapist who follows a programme.

    It holds no state of its own: whatever it knows of a child is a
    :class:`~dmi_sim.therapy.state.TherapistState`, so one therapist may treat any number of them.

    Attributes:
        programme: The programme.
        skills: Exercises that it knows, from the lowest skill to the highest.
    """

    programme: ProgrammeSpec
    skills: Skills

    @cached_property
    def ladder(self) -> Skills:
        """The exercises that rules may choose.

        An exercise on a moving board is none of them: it is how balance is provoked in another.
        """
        out = self.programme.leaves_out
        return tuple(one for one in self.skills if one.name not in out and not one.is_on_board)

    def begin(self, age_months: float, seed: int) -> TherapistState:
        """What the therapist knows of a child before the first trial.

        Args:
            age_months: Age of the child [months].
            seed: Seed of all that is drawn at random, at least 0.
        """
        return TherapistState(seed=seed, first_age_months=age_months, age_months=age_months)

    def order(self, state: TherapistState) -> Trial:
        """The next trial; the same one for the same state.

        Args:
            state: What is known of the child.

        Raises:
            InputError: If a rule gives what an exercise does not offer.
        """
        provocation = self._provocation(state, self._exercise(state))
        skill = provocation.skill
        site = self._site(state, skill)
        firmness = 0.0 if site == NONE else self._firmness(state, skill)
        return Trial(skill.name, site, firmness, provocation.pushes)

    def see(self, state: TherapistState, record: TrialRecord) -> TherapistState:
        """What is known of the child after one more trial.

        A trial on a moving board counts for that exercise and for the one that was chosen.

        Args:
            state: What was known before.
            record: What was seen.
        """
        chosen = self._exercise(state)
        done = skill_named(record.trial.exercise, self.skills)
        is_ordered = done.name in (chosen.name, chosen.board)
        memory, trial = dict(state.memory), record.trial
        for skill in dict.fromkeys((chosen, done) if is_ordered else (done,)):
            firmness = self._firmness(state, skill) if trial.support == NONE else trial.firmness
            memory[skill.name] = state.of(skill.name).after(state.trials, record, firmness)
        return TherapistState(
            seed=state.seed,
            first_age_months=state.first_age_months,
            age_months=record.age_months,
            trials=state.trials + 1,
            order=Order(exercise=chosen.name, left=self._left(state) - is_ordered),
            memory=memory,
        )

    def stretch(self, session_min: float) -> Stretch:
        """How the minutes of a session are shared by stretching and practice.

        Args:
            session_min: Length of the session [min].

        Raises:
            InputError: If the stretching leaves no time to practise.
        """
        try:
            return self._stretch_rule(session_min)
        except ValueError as error:
            raise InputError(f"{self._named('stretch')}: {error}") from error

    def _left(self, state: TherapistState) -> int:
        """Trials of the present exercise that are left; all of them where the next one is due."""
        return state.order.left if state.order and state.order.left else self.programme.repetitions

    def _exercise(self, state: TherapistState) -> Skill:
        """The exercise that is being repeated, or the next one if its repetitions are over."""
        if state.order and state.order.left:
            return skill_named(state.order.exercise, self.skills)
        return self._ask("exercise", self._exercise_rule, state)

    def _provocation(self, state: TherapistState, skill: Skill) -> Provocation:
        found = self._ask("provocation", self._provocation_rule, state, skill)
        if found.pushes and not found.skill.offers_pushes:
            raise InputError(f"{self._named('provocation')}: {found.skill.name} has no pushes")
        return found

    def _site(self, state: TherapistState, skill: Skill) -> str:
        site = self._ask("site", self._site_rule, state, skill)
        if site not in skill.sites:
            hint = did_you_mean(site, skill.sites)
            raise InputError(f"{self._named('site')}: {skill.name} offers no '{site}'; {hint}")
        return site

    def _firmness(self, state: TherapistState, skill: Skill) -> float:
        firmness = self._ask("firmness", self._firmness_rule, state, skill)
        require_within(self._named("firmness"), firmness, 0, 1)
        return float(firmness)

    def _named(self, field: str) -> str:
        """A rule as messages name it."""
        return f"{field}: rule '{getattr(self.programme, field).rule}'"

    def _ask(
        self, field: Draw, rule: Callable[..., ItemT], state: TherapistState, *skill: Skill
    ) -> ItemT:
        """What a rule says; it is shown what has been seen, and nothing else."""
        seen = Seen(state, self.skills, self.ladder, partial(drawn, state, field))
        try:
            return rule(seen, *skill)
        except ValueError as error:
            raise InputError(f"{self._named(field)}: {error}") from error

    @cached_property
    def _exercise_rule(self) -> ExerciseRule:
        return _bound(EXERCISE_RULES, self.programme.exercise)

    @cached_property
    def _provocation_rule(self) -> ProvocationRule:
        return _bound(PROVOCATION_RULES, self.programme.provocation)

    @cached_property
    def _site_rule(self) -> SiteRule:
        return _bound(SITE_RULES, self.programme.site)

    @cached_property
    def _firmness_rule(self) -> FirmnessRule:
        return _bound(FIRMNESS_RULES, self.programme.firmness)

    @cached_property
    def _stretch_rule(self) -> StretchRule:
        return _bound(STRETCH_RULES, self.programme.stretch)


def _bound(rules: Registry[Callable[..., ItemT]], spec: RuleSpec) -> Callable[..., ItemT]:
    """A rule with the parameters of a programme; both have been checked."""
    return bind(rules[spec.rule], spec.params)
