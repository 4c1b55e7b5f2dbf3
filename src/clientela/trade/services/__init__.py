"""Changing what was traded: documents come in whole, and are voided, never overwritten."""

from clientela.trade.services.allocations import load_allocations, note_our_delays
from clientela.trade.services.deliveries import load_deliveries
from clientela.trade.services.documents import load_documents
from clientela.trade.services.orders import load_orders
from clientela.trade.services.payments import load_payments
from clientela.trade.services.products import load_products
from clientela.trade.services.rates import GivenRate, RatesEntered, enter_rates, set_rates
from clientela.trade.services.retraction import void_run

__all__ = [
    "GivenRate",
    "RatesEntered",
    "enter_rates",
    "load_allocations",
    "load_deliveries",
    "load_documents",
    "load_orders",
    "load_payments",
    "load_products",
    "note_our_delays",
    "set_rates",
    "void_run",
]
