"""Addresses of the imports."""

from django.urls import path

from clientela.web.imports import acts, answering, listing, receiving, rejected, run

app_name = "imports"
urlpatterns = [
    path("", listing.run_list, name="list"),
    path("new", receiving.new, name="new"),
    path("<uuid:public_id>", run.run_page, name="run"),
    path("<uuid:public_id>/progress", run.progress, name="progress"),
    path("<uuid:public_id>/answers", answering.answer, name="answers"),
    path("<uuid:public_id>/confirm", acts.confirm, name="confirm"),
    path("<uuid:public_id>/cancel", acts.cancel, name="cancel"),
    path("<uuid:public_id>/take-back", acts.take_run_back, name="take_back"),
    path("<uuid:public_id>/mapping", acts.keep_mapping, name="mapping"),
    path("<uuid:public_id>/rejected", rejected.rejected_list, name="rejected"),
    path("<uuid:public_id>/rejected/download", rejected.download, name="download"),
]
