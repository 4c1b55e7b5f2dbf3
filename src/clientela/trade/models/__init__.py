"""Tables of trade. A document is never overwritten: it is voided, or another follows it."""

from clientela.trade.models.catalogue import Category, ExchangeRate, Product
from clientela.trade.models.invoices import Allocation, Invoice, InvoiceLine, Payment
from clientela.trade.models.orders import Delivery, DeliveryLine, Order, OrderLine

__all__ = [
    "Allocation",
    "Category",
    "Delivery",
    "DeliveryLine",
    "ExchangeRate",
    "Invoice",
    "InvoiceLine",
    "Order",
    "OrderLine",
    "Payment",
    "Product",
]
