"""Every contract by name. The order is that of the refresh: what is referred to comes first."""

from clientela.tables.allocations import ALLOCATIONS
from clientela.tables.contract import TableContract
from clientela.tables.customers import CUSTOMERS
from clientela.tables.exchange_rates import EXCHANGE_RATES
from clientela.tables.invoice_lines import INVOICE_LINES
from clientela.tables.invoices import INVOICES
from clientela.tables.orders import ORDERS
from clientela.tables.org_nodes import ORG_NODES
from clientela.tables.payments import PAYMENTS
from clientela.tables.products import PRODUCTS
from clientela.tables.purchases import PURCHASES

# These have a view of the same name in the schema `warehouse`, with a column `txid xid8` more.
PULLED = (
    ORG_NODES,
    CUSTOMERS,
    PRODUCTS,
    ORDERS,
    INVOICES,
    INVOICE_LINES,
    PAYMENTS,
    ALLOCATIONS,
    EXCHANGE_RATES,
)
CONTRACTS: dict[str, TableContract] = {c.name: c for c in (*PULLED, PURCHASES)}
