"""Every address of the product."""

from django.urls import include, path

from clientela.api.root import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("clientela.web.urls")),
]
handler400 = "clientela.web.refusals.bad_request"
handler403 = "clientela.web.refusals.forbidden"
handler404 = "clientela.web.refusals.not_found"
handler500 = "clientela.web.failures.failed"
