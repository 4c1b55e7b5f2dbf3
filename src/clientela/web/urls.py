"""The addresses of the pages."""

from django.urls import include, path

from clientela.web import account, health, work
from clientela.web.admin import trail

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("", work.home, name="home"),
    path("work/", include(([path("", work.mine, name="mine")], "work"))),
    path("preferences", account.preferences, name="preferences"),
    path("account/time-zone", account.own_zone, name="own_zone"),
    path("my-events", trail.own_event_list, name="own_events"),
    path("account/", include("clientela.web.account_urls")),
    path("customers/", include("clientela.web.customers.urls")),
    path("invoices/", include("clientela.web.trade.urls")),
    path("payments/", include("clientela.web.trade.payment_urls")),
    path("imports/", include("clientela.web.imports.urls")),
    path("analyses/", include("clientela.web.analyses.urls")),
    path("admin/", include("clientela.web.admin.urls")),
]
