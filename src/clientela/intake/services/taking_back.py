"""An import taken back whole: its versions count no more, its documents are voided."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from clientela.audit.services import record_event
from clientela.contacts.services import void_run as void_contacts
from clientela.intake.models import Run
from clientela.intake.services.correcting import open_again
from clientela.intake.services.leaning import no_longer_whole
from clientela.intake.services.locking import held_with_its_source
from clientela.intake.services.unreached import REACHED, reach_params
from clientela.kernel.reasons import Conflict, NotPermitted, Reason
from clientela.records.services import retract_run
from clientela.security.permits import Access
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.trade.services import void_run


@transaction.atomic
def take_back(*, access: Access, public_id: str, at: datetime, reason: str = "") -> Run:
    """Take a finished import back; what it brought stays in the ledger and counts no more.

    Raises NotInScope; NotPermitted, also where it would bring customers into reach, or void what
    somebody else brought of customers out of reach; Conflict when the run is not one that was loaded.
    """
    run = held_with_its_source(access, public_id, act="import.take_back")
    demand_to_take_back(run, access)
    undone = undo(run, by=access.username, at=at, reason=reason)
    run.state, run.taken_back_at, run.taken_back_by = Run.State.TAKEN_BACK, at, access.username
    run.save(update_fields=["state", "undone", "taken_back_at", "taken_back_by"])
    record_event(
        act="intake.run.taken_back",
        at=at,
        subject=("intake.Run", run.public_id),
        after={**undone, "reason": reason},
    )
    return run


def demand_to_take_back(run: Run, access: Access) -> None:
    """Raise Conflict unless a run was loaded and stands; NotPermitted where what it brought is not
    for `access` to take back."""
    demand_loaded(run)
    _demand_what_it_placed(run, access)
    _demand_its_documents(run, access)


def demand_loaded(run: Run) -> None:
    """Raise Conflict unless a run was loaded and stands, so that it could be taken back."""
    if run.state != Run.State.DONE or run.dry_run:
        raise Conflict(Reason(code="run_cannot_be_taken_back", params={"state": run.state}))


# Customers out of reach whom this very run put where they stand.
_PLACED = f"""
select from (select id, source_record_id from records_recordversion where run_id = %(run)s offset 0) v
join lateral (select k.customer_id, k.ended_at from records_link k
              where k.source_record_id = v.source_record_id offset 0) l on l.ended_at is null
join lateral (select t.org_node_id, t.owner_id, t.provenance from records_customer t
              where t.id = l.customer_id offset 0) c on not {REACHED}
where (c.provenance ->> 'org_node')::bigint = v.id
limit 1"""  # noqa: S608 - our own text


def _demand_what_it_placed(run: Run, access: Access) -> None:
    """Refuse to bring customers into reach by taking back what put them out of it. The caller
    holds the source. Raises NotPermitted."""
    reach = access.reach("import.take_back")
    if reach.everything:
        return
    with system_context("whether an import put customers out of reach is told by all of them"):
        placed = fetch(_PLACED, {"run": run.pk, **reach_params(reach)})
    if placed:
        raise NotPermitted(Reason(code="run_placed_elsewhere"))


# Documents of a run that are of customers out of reach.
_OF_OTHERS = f"""
select 1 from (
    select org_node_id, owner_id, run_id, voided_at from trade_invoice
    union all select org_node_id, owner_id, run_id, voided_at from trade_payment
    union all select org_node_id, owner_id, run_id, voided_at from trade_order
    union all select org_node_id, owner_id, run_id, voided_at from trade_delivery) c
where c.run_id = %(run)s and c.voided_at is null and not {REACHED} limit 1"""  # noqa: S608 - our own text


def _demand_its_documents(run: Run, access: Access) -> None:
    """Refuse to void documents of customers out of reach, unless it was the user who brought them:
    that was the own source's trade then, wherever its customers stand by now. Raises NotPermitted."""
    reach = access.reach("import.take_back")
    if reach.everything or run.started_by == access.username:
        return
    with system_context("whether an import brought documents out of reach is told by all of them"):
        if fetch(_OF_OTHERS, {"run": run.pk, **reach_params(reach)}):
            raise NotPermitted(Reason(code="run_of_others"))


def undo(run: Run, *, by: str, at: datetime, reason: str) -> dict[str, object]:
    """Make what a run has brought so far count no more; return how much that was.

    In the transaction of the caller, who holds its source and the run, saves it and writes the
    event.
    """
    with system_context("taking an import back"):
        customers = retract_run(run_id=run.pk, by=by, at=at, reason=reason)
        voided: dict[str, int] = {}
        # Parts above this one name what they void in the settings.
        for void in (void_run, void_contacts, *map(import_string, settings.ALSO_TAKEN_BACK)):
            voided |= void(run_id=run.pk, at=at, reason="import taken back")
        open_again(run)
        no_longer_whole(run)
    run.undone = {"customers": customers, "voided": voided}
    return dict(run.undone)
