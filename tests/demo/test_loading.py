"""Loading a demo: the same data each time, into an empty database alone."""

import hashlib

import pytest
from django.db import transaction

from clientela.demo.loading import load_demo, standing
from clientela.demo.world import World
from clientela.kernel.reasons import Invalid
from clientela.store.bulk import fetch
from clientela.store.context import system_context
from clientela.store.selectors import is_demo
from tests.demo.conftest import AT, UNTIL, load

# Every table by what is in it: no ids, no random keys and ciphers.
TABLES = {
    "customers": """select c.kind, c.stage, n.code, c.name, c.country, c.city, c.industry,
        c.first_known_on, case when c.kind = 'company' then (c.facts - 'org_node' - 'owner')::text end
        from records_customer c join security_orgnode n on n.id = c.org_node_id""",
    "records": """select s.name, r.key, r.kind, v.true_from, v.known_at from records_recordversion v
        join records_sourcerecord r on r.id = v.source_record_id
        join records_source s on s.id = r.source_id""",
    "products": """select code, name, category_1, category_2, category_3, list_price, currency,
        launched_on, source_id - (select min(id) from records_source) from trade_product""",
    "rates": "select currency, on_day, rate from trade_exchangerate",
    "orders": """select number, ordered_on, due_on, state, currency, net_minor, net_base_minor,
        encode(digest, 'hex') from trade_order""",
    "deliveries": "select number, delivered_on, encode(digest, 'hex') from trade_delivery",
    "invoices": """select number, kind, issued_on, due_on, currency, net_minor, gross_minor,
        net_base_minor, cost_base_minor, delay_is_ours, encode(digest, 'hex') from trade_invoice""",
    "lines": """select i.number, l.line, l.quantity, l.unit_price, l.net_minor, l.cost_base_minor
        from trade_invoiceline l join trade_invoice i on i.id = l.invoice_id""",
    "payments": "select number, received_on, currency, amount_minor, method from trade_payment",
    "allocations": """select i.number, p.number, n.number, a.allocated_on, a.amount_minor,
        a.amount_base_minor, a.delay_reason from trade_allocation a
        join trade_invoice i on i.id = a.invoice_id left join trade_payment p on p.id = a.payment_id
        left join trade_invoice n on n.id = a.credit_note_id""",
    "contacts": """select number, at, department, direction, channel, kind, is_proactive, category
        from contacts_contact""",
    "cases": """select number, kind, priority, lot, received_at, due_at, first_answer_at,
        resolved_at, state, cause, outcome from feedback_case""",
    "invitations": "select number, invited_on from feedback_surveyinvitation",
    "answers": """select i.number, a.question, a.score, a.choice, a.answered_at
        from feedback_surveyanswer a join feedback_surveyinvitation i on i.id = a.invitation_id""",
    "targets": """select number, "group", response, reason, responded_on
        from campaigns_promotiontarget""",
    "contracts": """select number, kind, signed_on, valid_from, valid_to, value_minor,
        value_base_minor, state, ended_on from contracts_contract""",
}  # fmt: skip


def digests() -> dict[str, str]:
    """Return a digest of each table's content, row order aside."""
    with system_context("a test looks at everything"):
        return {
            name: hashlib.sha256(
                "\n".join(sorted(repr(row) for row in fetch(query))).encode()
            ).hexdigest()
            for name, query in TABLES.items()
        }


def loaded_digests(seed: int) -> dict[str, str]:
    with transaction.atomic():
        load(seed=seed)
        found = digests()
        transaction.set_rollback(True)
    return found


LINES_AGAINST_DOCUMENTS = """
select count(*), count(*) filter (where i.net_base_minor <> l.each_rounded),
    count(*) filter (where i.net_base_minor <> l.net),
    count(*) filter (where i.cost_base_minor is distinct from l.cost)
from (
    select v.invoice_id, sum(v.net_base_minor) as net, sum(v.cost_base_minor) as cost,
        sum(round(v.net_minor::numeric * i.net_base_minor / nullif(i.net_minor, 0))) as each_rounded
    from trade_invoiceline v join trade_invoice i on i.id = v.invoice_id
    group by v.invoice_id having count(*) > 1
) l join trade_invoice i on i.id = l.invoice_id
where i.net_base_minor <> i.net_minor
"""


@pytest.mark.django_db
class TestLoadDemo:
    def test_gives_the_same_data_for_the_same_seed(self):
        assert loaded_digests(5) == loaded_digests(5)

    def test_stamps_the_database(self):
        assert standing() == "empty"
        load()
        assert is_demo()
        assert standing() == "whole"

    def test_converts_lines_that_add_up_to_their_documents(self):
        load()
        with system_context("a test looks at everything"):
            ((foreign, rounded, net, cost),) = fetch(LINES_AGAINST_DOCUMENTS)
        assert foreign > 100, "documents of several lines in a currency that is not the group's"
        assert rounded > 10, "some would not add up with each line rounded for itself"
        assert (net, cost) == (0, 0)

    def test_is_refused_where_something_is(self):
        load()
        with pytest.raises(Invalid) as refused:
            load_demo(World(customers=200, seed=1, until=UNTIL), at=AT)
        assert refused.value.reasons[0].code == "demo_needs_an_empty_database"

    def test_is_served_to_this_machine_alone(self):
        from clientela.cli.signing_in import refuse_other_hosts

        refuse_other_hosts("0.0.0.0")
        load()
        refuse_other_hosts("127.0.0.1")
        with pytest.raises(Invalid) as refused:
            refuse_other_hosts("0.0.0.0")
        assert refused.value.reasons[0].code == "demo_serves_this_machine_only"
