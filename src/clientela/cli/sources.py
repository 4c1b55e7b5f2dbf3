"""`clientela sources`: where records come from, and which of them tell of payments."""

from typing import Annotated, Any

import typer

from clientela.cli.exits import exits, misused, of_source
from clientela.cli.options import As
from clientela.cli.output import Format, FormatOption, as_json, as_pairs, as_rows

app = typer.Typer(
    help="Show the sources of records, what mappings one keeps, or say whether it tells of payments."
)


@app.callback(invoke_without_command=True)
def show(context: typer.Context, as_: As = None, format_: FormatOption = Format.TABLE) -> None:
    """Show the sources of records, what mappings one keeps, or say whether it tells of payments."""
    if context.invoked_subcommand is not None:
        return
    from django.utils import timezone

    from clientela.cli.principal import principal
    from clientela.records.selectors import sources
    from clientela.records.selectors.trust import trust_of
    from clientela.store.context import database_context

    at = timezone.now()
    with exits(), principal(as_, at) as who, database_context(who.context):
        found = list(sources(who.access).select_related("org_node"))
        trust = trust_of([one.pk for one in found])
        rows: list[dict[str, Any]] = [
            {
                "name": one.name, "title": one.title, "branch": one.org_node.code,
                "settlement": one.settlement, "trust": trust.get(one.pk, 0),
            }
            for one in found
        ]  # fmt: skip
    if format_ is Format.JSON:
        as_json({"sources": rows})
        return
    if not rows:
        typer.echo("There is no source yet: an import makes the one that it names.")
        return
    as_rows(list(rows[0]), [list(row.values()) for row in rows], whole={"name"}, numbers={"trust"})


@app.command("mappings")
def show_mappings(
    name: Annotated[str, typer.Argument(help="The source, as `clientela sources` names it.")],
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Show the mappings that a source keeps for its next files."""
    from django.utils import timezone

    from clientela.cli.principal import principal
    from clientela.cli.reports import mapping_in_words
    from clientela.intake.selectors import mapping_row, mappings_of
    from clientela.store.context import database_context

    at = timezone.now()
    with exits(), of_source(name), principal(as_, at) as who, database_context(who.context):
        rows = [mapping_row(one) for one in mappings_of(who.access, name)]
    if format_ is Format.JSON:
        as_json({"mappings": rows})
    elif not rows:
        typer.echo("It keeps none yet: clientela imports save-mapping keeps that of an import.")
    else:
        told = [mapping_in_words(row) for row in rows]
        values = [list(row.values()) for row in told]
        as_rows(list(told[0]), values, whole={"name"}, wrapped={"columns", "constants"})


@app.command("settle")
def settle(
    name: Annotated[str, typer.Argument(help="The source, as `clientela sources` names it.")],
    settlement: Annotated[
        str,
        typer.Argument(
            metavar="known|unknown",
            help="known: it tells of all payments of its invoices, which are owed until paid; "
            "unknown: it does not, and they stay out of what is owed.",
        ),
    ],
    as_: As = None,
    format_: FormatOption = Format.TABLE,
) -> None:
    """Say whether a source tells of payments; every invoice of it follows at once."""
    if settlement not in ("known", "unknown"):
        raise misused(f"{settlement!r} is neither known nor unknown.")
    from django.utils import timezone

    from clientela.cli.principal import principal
    from clientela.records.selectors import source_by_name
    from clientela.store.context import database_context
    from clientela.trade.services.settling import set_settlement

    at = timezone.now()
    with exits(), of_source(name), principal(as_, at) as who:
        with database_context(who.context):
            source = source_by_name(who.access, name)
            followed = set_settlement(
                access=who.access, source_id=source.pk, settlement=settlement, at=at
            )
        if followed:
            # The engines of the analyses are loaded only where figures follow.
            from clientela.analysis.services import bring_up_to_date

            bring_up_to_date(at=at)
    told = {"name": source.name, "settlement": settlement, "invoices": followed}
    as_json(told) if format_ is Format.JSON else as_pairs("source", told)
