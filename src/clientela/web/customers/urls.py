"""Addresses of the customer file."""

from django.urls import path

from clientela.web.customers import dealings, editing, file, listing, reveal, trade, views

app_name = "customers"
urlpatterns = [
    path("", listing.customer_list, name="list"),
    path("views", views.save, name="save_view"),
    path("views/<uuid:public_id>/delete", views.delete, name="delete_view"),
    path("new", editing.new, name="new"),
    path("<uuid:public_id>", file.customer_file, name="file"),
    path("<uuid:public_id>/history", file.history, name="history"),
    path("<uuid:public_id>/edit", editing.edit, name="edit"),
    path("<uuid:public_id>/archive", editing.archive, name="archive"),
    path("<uuid:public_id>/reopen", editing.reopen, name="reopen"),
    path("<uuid:public_id>/reveal", reveal.reveal_value, name="reveal"),
    path("<uuid:public_id>/invoices", trade.invoices, name="invoices"),
    path("<uuid:public_id>/orders", trade.orders, name="orders"),
    path("<uuid:public_id>/payments", trade.payments, name="payments"),
    path("<uuid:public_id>/contacts", dealings.contacts, name="contacts"),
    path("<uuid:public_id>/cases", dealings.cases, name="cases"),
    path("<uuid:public_id>/surveys", dealings.surveys, name="surveys"),
    path("<uuid:public_id>/promotions", dealings.promotions, name="promotions"),
    path("<uuid:public_id>/contracts", dealings.contracts, name="contracts"),
]
