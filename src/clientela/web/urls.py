"""The addresses of the pages."""

from django.urls import path

from clientela.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]
