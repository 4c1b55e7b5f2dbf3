"""Changing what was traded: documents come in whole, and are voided, never overwritten."""

from clientela.trade.services.documents import load_documents
from clientela.trade.services.payments import load_payments
from clientela.trade.services.products import load_products
from clientela.trade.services.rates import set_rates
from clientela.trade.services.retraction import void_run

__all__ = ["load_documents", "load_payments", "load_products", "set_rates", "void_run"]
