"""Who may do what, on which records, seeing which fields. Values in, answers out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from clientela.kernel.days import UTC_NAME, day_in
from clientela.kernel.reasons import NotPermitted, Permit, Reason
from clientela.security.roles import (
    ACTS,
    AGGREGATES,
    CONFLICTS,
    FOR_PERSONS,
    REVEALED_TO_PROGRAMS,
    REVEALS,
    SECOND_FACTOR,
    VIEWS,
    Reach,
    Role,
    View,
)

COMMAND_LINE = "cli"  # the channel of what is done there
_BETTER = {View.NONE: 0, View.MASKED: 1, View.PLAIN: 2}


@dataclass(frozen=True, kw_only=True)
class Held:
    """A grant in force: the role, and every node below the one it was given on."""

    role: Role
    node_id: int
    nodes: frozenset[int]
    whole: bool  # given on the group, so it reaches records of any node


@dataclass(frozen=True, kw_only=True)
class ActReach:
    """Which records one act reaches: everything, some nodes whole, or what one owns."""

    everything: bool = False
    nodes: frozenset[int] = frozenset()
    own_nodes: frozenset[int] = frozenset()  # where only what the person owns is reached
    owner_id: int | None = None

    def __bool__(self) -> bool:
        return self.everything or bool(self.nodes or self.own_nodes)

    def covers(self, *, node_id: int, owner_id: int | None) -> bool:
        """Tell whether a record at this node with this owner is reached."""
        if self.everything or node_id in self.nodes:
            return True
        return node_id in self.own_nodes and owner_id is not None and owner_id == self.owner_id

    def lies_in(self, other: "ActReach") -> bool:
        """Tell whether `other`, of the same user, reaches whatever this one does."""
        if other.everything or self.everything:
            return other.everything
        return self.nodes <= other.nodes and self.own_nodes <= other.nodes | other.own_nodes


@dataclass(frozen=True, kw_only=True)
class Access:
    """Everything one user may do at one instant; made anew for each request."""

    user_id: int
    username: str
    held: tuple[Held, ...]
    at: datetime
    acts: frozenset[str] | None = None  # limit of a token; None: no limit
    time_zone: str = UTC_NAME  # the user's own, else that of the branch

    @property
    def today(self) -> date:
        """The day that it is for this user."""
        return self.day_at(self.at)

    def day_at(self, at: datetime) -> date:
        """Return the day that it is at an instant where this user works."""
        return day_in(self.time_zone, at)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(held.role for held in self.held)

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.roles & SECOND_FACTOR)

    def may(self, act: str) -> Permit:
        """Answer whether any grant allows `act`; KeyError for an act not in the table."""
        allowed = ACTS[act]
        if (self.acts is None or act in self.acts) and any(h.role in allowed for h in self.held):
            return Permit()
        return Permit(reasons=(self.lacks(act),))

    def lacks(self, act: str) -> Reason:
        """Return why `act` is not allowed: the token was not made for it, no role has it, or one
        has it in other places.

        The roles come first: a wider token would not help whose roles do not allow it.
        """
        by_role = any(held.role in ACTS[act] for held in self.held)
        by_token = self.acts is None or act in self.acts
        code = "act_not_permitted"
        if by_role:
            code = "act_not_permitted_here" if by_token else "token_not_for_act"
        return Reason(code=code, params={"act": act})

    def demand(self, act: str) -> None:
        """Raise NotPermitted unless `act` is allowed."""
        permit = self.may(act)
        if not permit:
            raise NotPermitted(*permit.reasons)

    def demand_any(self, *acts: str) -> None:
        """Raise NotPermitted, naming every one of `acts`, unless one of them is allowed."""
        if len(acts) == 1:
            self.demand(acts[0])
        elif not any(self.may(act) for act in acts):
            raise NotPermitted(self._lacks_all(acts))

    def _lacks_all(self, acts: tuple[str, ...]) -> Reason:
        """Return why none of `acts` is allowed; those that a wider token would open go first."""
        by_role = [act for act in acts if any(held.role in ACTS[act] for held in self.held)]
        code = "token_not_for_acts" if by_role else "acts_not_permitted"
        return Reason(code=code, params={"acts": ", ".join(by_role or acts)})

    def reach(self, act: str) -> ActReach:
        """Return the records that `act` reaches; an empty reach when it is not allowed."""
        if not self.may(act):
            return ActReach()
        nodes: set[int] = set()
        own: set[int] = set()
        for held in self.held:
            match ACTS[act].get(held.role):
                case Reach.ALL:
                    return ActReach(everything=True, owner_id=self.user_id)
                case Reach.NODE if held.whole:
                    return ActReach(everything=True, owner_id=self.user_id)
                case Reach.NODE:
                    nodes |= held.nodes
                case Reach.OWN:
                    own |= held.nodes
        return ActReach(
            nodes=frozenset(nodes), own_nodes=frozenset(own - nodes), owner_id=self.user_id
        )

    def view(self, field_class: str, *, node_id: int, owner_id: int | None) -> View:
        """Return how a field of this class of this customer is shown to the user."""
        return _best(self._views(field_class, node_id=node_id, owner_id=owner_id))

    def worst_view(self, field_class: str, act: str) -> View:
        """Return the least view among the grants for `act`: what a filter may rely on."""
        return min(self._views_for(field_class, act), key=_BETTER.__getitem__, default=View.NONE)

    def best_view(self, field_class: str, act: str) -> View:
        """Return the best view among the grants for `act`: what some row may show."""
        return _best(self._views_for(field_class, act))

    def sees_single(self, act: str) -> Permit:
        """Answer whether every grant for `act` shows figures of single customers.

        The least of them decides, as with `worst_view`: what is asked reads the whole reach.
        """
        allowed = ACTS[act]
        if any(h.role in allowed and h.role in AGGREGATES for h in self.held):
            return Permit(reasons=(Reason(code="totals_only"),))
        return self.may(act)

    def may_reveal(self, field_class: str, *, node_id: int, owner_id: int | None) -> Permit:
        """Answer whether one value of this class of this customer may be revealed."""
        act = "customer.reveal"
        covering = self._held_for(act, node_id=node_id, owner_id=owner_id)
        if not any(field_class in REVEALS.get(held.role, frozenset()) for held in covering):
            unfit = Reason(code="class_not_revealed", params={"field_class": field_class})
            return Permit(reasons=(unfit,))
        if self.acts is not None and field_class not in REVEALED_TO_PROGRAMS:
            return Permit(reasons=(Reason(code="reveal_is_for_persons"),))
        return self.may(act)  # by the roles it may be: a token may lack it still

    def _views_for(self, field_class: str, act: str) -> list[View]:
        if field_class in ("S0", "S1"):
            return [View.PLAIN if self.may(act) else View.NONE]
        held = [h.role for h in self.held if h.role in ACTS[act]]
        return [VIEWS[role].get(field_class, View.NONE) for role in held]

    def _views(self, field_class: str, *, node_id: int, owner_id: int | None) -> Iterable[View]:
        covering = self._covering("customer.read", node_id=node_id, owner_id=owner_id)
        for held in covering:
            if field_class in ("S0", "S1"):
                yield View.PLAIN
            yield VIEWS[held.role].get(field_class, View.NONE)

    def _covering(self, act: str, *, node_id: int, owner_id: int | None) -> Iterable[Held]:
        if self.acts is None or act in self.acts:
            yield from self._held_for(act, node_id=node_id, owner_id=owner_id)

    def _held_for(self, act: str, *, node_id: int, owner_id: int | None) -> Iterable[Held]:
        """Yield the grants that allow `act` on such a record, whatever a token is limited to."""
        for held in self.held:
            reach = ACTS[act].get(held.role)
            inside = held.whole or node_id in held.nodes
            if (
                reach is Reach.ALL
                or (reach is Reach.NODE and inside)
                or (reach is Reach.OWN and inside and owner_id == self.user_id)
            ):
                yield held


def may_be_of_a_program(acts: Iterable[str]) -> Permit:
    """Answer whether a token may be made for these acts: some are for persons alone."""
    for_persons = sorted(set(acts) & FOR_PERSONS)
    if not for_persons:
        return Permit()
    return Permit(
        reasons=(Reason(code="acts_of_persons", params={"acts": ", ".join(for_persons)}),)
    )


def may_approve_grant(
    *, role: Role, subject: str, proposed_by: str, approver: str, held: Iterable[Role]
) -> Permit:
    """Answer whether `approver` may sign this grant, given the roles its user holds."""
    reasons = []
    if proposed_by == approver:
        reasons.append(Reason(code="proposer_cannot_approve"))
    if subject == approver:
        reasons.append(Reason(code="own_rights_cannot_be_approved"))
    return Permit(reasons=(*reasons, *may_hold(role=role, held=held).reasons))


def may_confirm_reset(
    *,
    subject: str,
    asked_by: str,
    confirmer: str,
    is_active: bool,
    expires_at: datetime,
    at: datetime,
) -> Permit:
    """Answer whether `confirmer` may help `subject`, as `asked_by` asks."""
    reasons = []
    if asked_by == confirmer:
        reasons.append(Reason(code="proposer_cannot_approve"))
    if subject == confirmer:
        reasons.append(Reason(code="not_for_oneself"))
    if at >= expires_at:
        reasons.append(Reason(code="factor_reset_is_over"))
    if not is_active:
        reasons.append(Reason(code="user_is_shut_out"))
    return Permit(reasons=tuple(reasons))


def may_approve_parameter(
    *,
    proposed_by: str,
    approver: str,
    proposed_through: str,
    through: str,
    expires_at: datetime,
    at: datetime,
) -> Permit:
    """Answer whether `approver` may put the value in force that `proposed_by` brought forward.

    Whoever sits at the machine's command line may act there under any name: so one of the two
    persons comes by a sign-in.
    """
    reasons = []
    if proposed_by == approver:
        reasons.append(Reason(code="proposer_cannot_approve"))
    if proposed_through == through == COMMAND_LINE:
        reasons.append(Reason(code="one_of_two_signs_in"))
    if at >= expires_at:
        reasons.append(Reason(code="parameter_proposal_is_over"))
    return Permit(reasons=tuple(reasons))


def may_hold(*, role: Role, held: Iterable[Role]) -> Permit:
    """Answer whether a person with the roles `held` may be given `role` beside them."""
    return Permit(
        reasons=tuple(
            Reason(code="roles_conflict", params={"role": role.value, "other": other.value})
            for other in sorted(set(held))
            if frozenset({role, other}) in CONFLICTS
        )
    )


def _best(views: Iterable[View]) -> View:
    return max(views, key=_BETTER.__getitem__, default=View.NONE)
