"""The tables that an analysis reads for one user: in reach, of a source, in one currency."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from clientela.analysis.expressions.spec import Analysis
from clientela.analysis.services.amounts import Amounts, amounts_of
from clientela.analysis.services.copy import open_session
from clientela.analysis.services.question import reads_documents
from clientela.kernel.scope import Scope
from clientela.records.selectors import source_id_of
from clientela.security.permits import Access
from clientela.security.selectors import base_currency
from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.exchange_rates import EXCHANGE_RATES, itself
from clientela.tables.invoices import INVOICES
from clientela.tables.payments import PAYMENTS
from clientela.warehouse.session import Session


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A session with the tables of one question, and the currency of their amounts."""

    session: Session = field(repr=False)
    tables: Mapping[str, ir.Table] = field(repr=False)
    currency: str
    converted: Mapping[str, Amounts]  # of tables whose amounts had to be; none for one currency


@contextmanager
def tables_for(
    access: Access, analysis: Analysis, source: str | None, act: str = "analysis.run"
) -> Iterator[Opened]:
    """Open a session in the user's scope; give its tables and the currency of their amounts."""
    with open_session().scoped(scope_of(access, act)) as session:
        tables = {contract.name: session.table(contract) for contract in analysis.reads}
        number = None if source is None else source_id_of(access, source)
        if number is not None:
            tables = _of_source(tables, number)
        yield in_one_currency(session, tables, number)


def in_one_currency(
    session: Session, tables: Mapping[str, ir.Table], source: int | None = None
) -> Opened:
    """Return tables with their amounts in one currency: that of all documents, or the group's.

    Documents that take no part in what is asked do not choose it: of those in another currency an
    amount in this one is not known.
    """
    documents = {n: table for n, table in tables.items() if n != EXCHANGE_RATES.name}
    told = amounts_of(session, documents, source)
    currencies, counted = _currencies(told), _currencies(told, only_counted=True)
    if len(counted) != 1 or (counted != currencies and counted == {base_currency()}):
        base = base_currency()
        tables = _with_rates_in(tables, base)
        return Opened(session=session, tables=tables, currency=base, converted=told)
    (currency,) = counted
    mixed = {name for name, one in told.items() if one.currencies != {currency}}
    own = {
        name: _in_own_currency(table, currency if name in mixed else None)
        for name, table in documents.items()
    }
    if EXCHANGE_RATES.name in tables:
        own[EXCHANGE_RATES.name] = itself(currency)
    return Opened(session=session, tables=own, currency=currency, converted={})


def _currencies(told: Mapping[str, Amounts], *, only_counted: bool = False) -> set[str]:
    """Return the currencies of what is told; beside invoices those of what settles them choose none.

    What is settled is in the invoice's own, and what settles nothing stands in that of its document.
    """
    beside = {ALLOCATIONS.name, PAYMENTS.name} if INVOICES.name in told else set()
    return {
        currency
        for name in told.keys() - beside
        for currency in (told[name].counted if only_counted else told[name].currencies)
    }


def may_ask(access: Access, analysis: Analysis) -> bool:
    """Tell whether a user reads every column that an analysis cannot do without."""
    classes = classes_of(access)
    return bool(access.may("analysis.run")) and all(
        contract.columns[name].field_class in classes
        for contract, names in analysis.reads.items()
        if contract not in analysis.optional
        for name in names
    )


def scope_of(access: Access, act: str = "analysis.run") -> Scope:
    """Return the rows and field classes that a user may analyse."""
    reach = access.reach(act)
    return Scope(
        all=reach.everything,
        nodes=tuple(sorted(reach.nodes)),
        owner_id=reach.owner_id if reach.own_nodes else None,
        own_nodes=tuple(sorted(reach.own_nodes)),
        classes=frozenset(classes_of(access)),
    )


def classes_of(access: Access) -> set[str]:
    """Return the field classes that every grant to analyse shows this user."""
    return {"S0", "S1", "S3"} if reads_documents(access) else {"S0", "S1"}


def _of_source(tables: dict[str, ir.Table], source_id: int) -> dict[str, ir.Table]:
    """Cut every table to one source; allocations and customers follow its documents."""
    cut = {
        name: table.filter(table.source_id == source_id) if "source_id" in table.columns else table
        for name, table in tables.items()
    }
    if "allocations" in cut and "invoices" in cut:
        cut["allocations"] = cut["allocations"].semi_join(cut["invoices"], "invoice_id")
    traded = next((cut[n] for n in ("purchases", "invoices", "invoice_lines") if n in cut), None)
    if "customers" in cut and traded is not None:
        cut["customers"] = cut["customers"].semi_join(traded, "customer_id")
    return cut


def _with_rates_in(tables: Mapping[str, ir.Table], base: str) -> Mapping[str, ir.Table]:
    """Keep of the rates those in the currency of the answer, which is worth itself."""
    rates = tables.get(EXCHANGE_RATES.name)
    if rates is None:
        return tables
    own = itself(base).select(*rates.columns)
    return {**tables, EXCHANGE_RATES.name: rates.filter(rates.base == base).union(own)}


def _in_own_currency(table: ir.Table, only: str | None) -> ir.Table:
    """Take amounts as they stand on the documents: one currency needs no conversion.

    :param only: of documents in this currency alone; None: there is no other.
    """

    def own(plain: ir.Value) -> ir.Value:
        return plain if only is None else ibis.ifelse(table.currency == only, plain, None)

    changed = {
        f"{plain}_base_minor": own(table[f"{plain}_minor"])
        for plain in ("net", "gross", "amount")
        if {f"{plain}_base_minor", f"{plain}_minor"} <= set(table.columns)
    }
    return table.mutate(**changed) if changed else table
