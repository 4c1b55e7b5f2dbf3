"""Addresses of payments."""

from django.urls import path

from clientela.web.trade import payments

app_name = "payments"
urlpatterns = [
    path("", payments.payment_list, name="list"),
    path("<uuid:public_id>", payments.payment, name="one"),
]
