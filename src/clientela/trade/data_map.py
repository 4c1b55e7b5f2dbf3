"""What the books of trade hold."""

from clientela.store.field_facts import Fact, facts

DATA_MAP: dict[str, Fact] = {
    **facts(
        "Category",
        "id parent name depth",
        cls="S0",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "Product",
        "id public_id source code name category category_1 category_2 category_3 unit "
        "launched_on run_id archived_at currency",
        cls="S0",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "Product",
        "list_price",
        cls="S3",
        purpose="trade",
        basis="none",
        keep="settings",
    ),
    **facts(
        "ExchangeRate",
        "id currency base on_day rate origin recorded_at recorded_by replaced_at",
        cls="S0",
        purpose="operation",
        basis="none",
        keep="settings",
    ),
    **facts(
        "Order",
        "id public_id source number account customer org_node owner_id sold_by currency "
        "run_id digest recorded_at voided_at void_reason ordered_on due_on state net "
        "net_minor net_base_minor",
        cls="S1",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "OrderLine",
        "id order line product quantity org_node_id owner_id net_minor",
        cls="S1",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "OrderLine",
        "unit_price",
        cls="S3",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Delivery",
        "id public_id source number account customer org_node owner_id sold_by currency "
        "run_id digest recorded_at voided_at void_reason order delivered_on",
        cls="S1",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "DeliveryLine",
        "id delivery line product order_line quantity org_node_id owner_id",
        cls="S1",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Invoice",
        "id public_id source number account customer org_node owner_id sold_by currency "
        "run_id digest recorded_at voided_at void_reason kind settlement issued_on "
        "issued_at order credits credits_number net tax net_minor gross_minor net_base_minor "
        "gross_base_minor lines_count",
        cls="S1",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Invoice",
        "due_on delay_is_ours disputed cost_minor cost_base_minor",
        cls="S3",
        purpose="credit",
        basis="contract",
        keep="books",
    ),
    **facts(
        "InvoiceLine",
        "id invoice line product text quantity net_minor net_base_minor currency kind "
        "issued_on source_id customer_id org_node_id owner_id sold_by_id voided_at "
        "flags",
        cls="S1",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "InvoiceLine",
        "unit_price cost_minor cost_base_minor",
        cls="S3",
        purpose="trade",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Payment",
        "id public_id source number account customer org_node owner_id sold_by currency "
        "run_id digest recorded_at voided_at void_reason invoice_number customer_key",
        cls="S1",
        purpose="credit",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Payment",
        "received_on method amount amount_minor amount_base_minor applied_minor standing",
        cls="S3",
        purpose="credit",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Allocation",
        "id invoice payment credit_note currency run_id voided_at customer_id org_node_id owner_id",
        cls="S1",
        purpose="credit",
        basis="contract",
        keep="books",
    ),
    **facts(
        "Allocation",
        "allocated_on amount_minor amount_base_minor delay_reason delay_is_ours",
        cls="S3",
        purpose="credit",
        basis="contract",
        keep="books",
    ),
}
