"""The group's own currency, where the first money that comes in gives it.

All figures over several currencies are told in it, so what gives it is said: before the rows are
loaded, and in the report of the import that gave it.
"""

from clientela.intake.models import Run
from clientela.security.models import OrgNode
from clientela.store.bulk import fetch

FLAG = "group_currency_set"
_OF_MOST_ROWS = """
select currency, count(*) from staging.{table} where run_id = %s
group by currency order by count(*) desc, currency limit 1"""


def currency_given(run: Run, table: str) -> dict[str, int]:
    """Return the currency that the group takes from a run, or took, with the rows in it; none where
    the group had one, or the rows tell of no money."""
    if run.loaded:
        return dict(run.flagged.get("columns", {}).get(FLAG, {}))
    if table not in ("sales_line", "payment") or _group().base_currency:
        return {}
    return dict(fetch(_OF_MOST_ROWS.format(table=table), [run.pk]))


def group_currency(run: Run, table: str) -> str:
    """Return the group's currency; one that has none yet takes that of most rows of the run."""
    group = _group()
    if not group.base_currency:
        group = OrgNode.objects.select_for_update().get(pk=group.pk)
    if not group.base_currency:
        ((group.base_currency, _),) = fetch(_OF_MOST_ROWS.format(table=table), [run.pk])
        group.save(update_fields=["base_currency"])
    elif not run.loaded and FLAG in run.flagged.get("codes", {}):
        _given_by_another(run)
    return group.base_currency


def _group() -> OrgNode:
    return OrgNode.objects.get(kind=OrgNode.Kind.GROUP)


def _given_by_another(run: Run) -> None:
    """Say no more that the run gives the group its currency."""
    for told in ("codes", "columns"):
        run.flagged[told].pop(FLAG, None)
    run.save(update_fields=["flagged"])
