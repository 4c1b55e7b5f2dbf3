"""Addresses of documents."""

from django.urls import path

from clientela.web.trade import invoices

app_name = "trade"
urlpatterns = [
    path("", invoices.invoice_list, name="invoices"),
    path("<uuid:public_id>", invoices.invoice, name="invoice"),
]
