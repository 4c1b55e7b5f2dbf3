"""Addresses of the analyses."""

from django.urls import path

from clientela.web.analyses import download, views

app_name = "analyses"
urlpatterns = [
    path("", views.index, name="index"),
    path("copy", views.copy_state, name="copy"),
    path("<slug:name>", views.analysis, name="one"),
    path("<slug:name>/documents", views.documents, name="documents"),
    path("<slug:name>/download", download.download, name="download"),
]
