"""Branches and account managers that a file names: known and in reach, or the row is set aside."""

from pathlib import Path

import pytest

from clientela.intake.selectors.sealed_rows import rejected_as_given
from clientela.records.models import Customer
from clientela.records.selectors import customers
from clientela.security.models import Grant, User
from clientela.store.context import system_context
from tests.factories import NOON, Company
from tests.factories import give as give_role
from tests.intake.giving import aside, company_with_a_till, giver, reasons, totals

HEAD = "Customer ID,Name,Customer type,Branch,Account manager\n"


@pytest.fixture
def company(db) -> Company:
    return company_with_a_till()


@pytest.fixture
def give(company: Company, tmp_path: Path):
    return giver(company, tmp_path, kind="customers", source="till")


def stands(company: Company) -> dict[str, tuple[str, str]]:
    """Return key -> branch and account manager of each customer."""
    nodes = {node.pk: code for code, node in company.nodes.items()}
    users = {user.pk: name for name, user in company.users.items()} | {None: ""}
    with system_context("a test looks"):
        rows = Customer.objects.values_list("links__source_record__key", "org_node_id", "owner_id")
        return {key: (nodes[node], users[owner]) for key, node, owner in rows}


class TestAFileOfCustomers:
    def test_says_nothing_of_what_it_cannot_name(self, give, company: Company) -> None:
        give(HEAD + "B1,Branchtest Ltd,company,madrid,sales\n")
        run = give(HEAD + "B1,Branchtest Ltd,company,madird,sales-madird-1\nB2,Luz,company,,\n")
        assert (totals(run), aside(run)) == ((2, 1, 1, 0), [(1, "branch_not_reached", "B1")])
        assert reasons(run) == {
            "branch_not_reached": ("rejected", 1), "account_manager_not_known": ("rejected", 1),
        }  # fmt: skip
        assert stands(company) == {"B1": ("madrid", "sales"), "B2": ("madrid", "")}
        with system_context("a test looks"):
            found, _ = customers(company.access("sales"))
            assert [one.name for one in found] == ["Branchtest Ltd"]

    def test_tells_the_column_and_its_value(self, give) -> None:
        run = give(HEAD + "B1,Luz,company,madird,\nB2,Mar,company,madrid,nobody\n")
        with system_context("a test looks"):
            rows = run.rejected_rows.order_by("row_no").values_list("column", "value", "code")
            assert list(rows) == [
                ("Branch", "madird", "branch_not_reached"),
                ("Account manager", "nobody", "account_manager_not_known"),
            ]

    @pytest.mark.parametrize("branch", ["shanghai", "Shanghai", "group", "iberia", "nowhere"])
    def test_names_no_branch_of_elsewhere(self, give, branch: str) -> None:
        run = give(HEAD + f"B1,Luz,company,{branch},\nB2,Mar,company,,\n")
        assert aside(run) == [(1, "branch_not_reached", "B1")]

    @pytest.mark.parametrize(
        "name", ["nobody", "gone", "stranger", "administrator", "analyst", "ended"]
    )
    def test_names_no_account_manager_who_reads_no_customers_here(
        self, give, company: Company, name: str
    ) -> None:
        """Unknown, shut out, of elsewhere, or without such a role: the same answer."""
        with system_context("people for a test"):
            for other in ("gone", "ended"):
                user = User.objects.create(
                    username=other, created_at=NOON, is_active=other != "gone"
                )
                give_role(user, "sales", company.nodes["madrid"])
            Grant.objects.filter(user__username="ended").update(ended_at=NOON, ended_by="test")
        run = give(HEAD + f"B1,Luz,company,,{name}\nB2,Mar,company,,Sales\nB3,Sol,company,,boss\n")
        assert aside(run) == [(1, "account_manager_not_known", "B1")]
        assert stands(company) == {"B2": ("madrid", "sales"), "B3": ("madrid", "boss")}

    def test_may_name_a_branch_by_its_title(self, give, company: Company) -> None:
        with system_context("a title for a test"):
            company.nodes["madrid"].name = "Gran Vía"
            company.nodes["madrid"].save(update_fields=["name"])
        run = give(HEAD + "B1,Luz,company,gran vía,\nB2,Mar,company,MADRID,\n")
        assert (totals(run), aside(run)) == ((2, 2, 0, 0), [])
        assert stands(company)["B1"] == ("madrid", "")

    def test_may_not_where_two_have_it(self, tmp_path: Path, company: Company) -> None:
        with system_context("titles for a test"):
            for code in ("madrid", "sevilla"):
                company.nodes[code].name = "Centro"
                company.nodes[code].save(update_fields=["name"])
            give_role(company.users["data_steward"], "data_steward", company.nodes["iberia"])
        run = giver(company, tmp_path, kind="customers", source="till")(
            HEAD + "B1,Luz,company,centro,\nB2,Mar,company,sevilla,\n"
        )
        assert aside(run) == [(1, "branch_not_reached", "B1")]
        assert stands(company) == {"B2": ("sevilla", "")}

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("branch_code=madird", "branch_not_reached"),
            ("owner=nobody", "account_manager_not_known"),
        ],
    )
    def test_takes_no_more_for_all_rows_at_once(self, give, said: str, code: str) -> None:
        run = give("Customer ID,Name,Customer type\nB1,Luz,company\n", settings=[said])
        assert aside(run) == [(1, code, "B1")]

    def test_is_told_the_same_on_trial(self, give, company: Company) -> None:
        run = give(HEAD + "B9,Luz,company,madird,nobody\nB8,Mar,company,,\n", dry_run=True)
        assert (totals(run), aside(run)) == ((2, 1, 1, 0), [(1, "branch_not_reached", "B9")])
        assert stands(company) == {}

    def test_can_be_mended_and_sent_again(self, give, company: Company) -> None:
        first = give(HEAD + "B1,Luz,company,madird,sales\n")
        with system_context("a test looks"):
            access = company.access("data_steward")
            given = rejected_as_given(access, str(first.public_id), at=NOON)
            (row,) = given.rows
        mended = ",".join(["madrid" if cell == "madird" else cell for cell in row.cells])
        give(HEAD + mended + "\n")
        assert stands(company) == {"B1": ("madrid", "sales")}
        with system_context("a test looks"):
            assert [one.state for one in first.rejected_rows.all()] == ["corrected"]


class TestAFileOfDocuments:
    def test_names_its_column_too(self, give) -> None:
        run = give(
            "Invoice No,Invoice Date,Customer ID,Currency,Net amount,Tax amount,Branch\n"
            "1,2026-03-01,K1,EUR,10,0,madird\n2,2026-03-01,K1,EUR,10,0,madrid\n",
            kind="invoices", settings=["customer_kind=company"],
        )  # fmt: skip
        assert aside(run) == [(1, "branch_not_reached", "1")]
        with system_context("a test looks"):
            assert [(r.column, r.value) for r in run.rejected_rows.all()] == [("Branch", "madird")]
