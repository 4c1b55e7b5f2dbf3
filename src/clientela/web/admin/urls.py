"""Addresses of administration."""

from django.urls import path

from clientela.web.admin import (
    approvals,
    factors,
    grants,
    organisation,
    parameters,
    rates,
    sources,
    team,
    tokens,
    trail,
    users,
)

app_name = "admin"
urlpatterns = [
    path("users", users.user_list, name="users"),
    path("users/new", users.new, name="user_new"),
    path("users/<uuid:public_id>", users.user, name="user"),
    path("users/<uuid:public_id>/disable", users.disable, name="user_disable"),
    path("users/<uuid:public_id>/enable", users.enable, name="user_enable"),
    path("users/<uuid:public_id>/link", users.link, name="user_link"),
    path("users/<uuid:public_id>/grants", grants.propose, name="user_grant"),
    path("grants/<uuid:public_id>/end", grants.end, name="user_grant_end"),
    path("grants/<uuid:public_id>/approve", approvals.approve_grant_, name="approval_grant"),
    path("users/<uuid:public_id>/factor-reset", factors.ask, name="user_factor_reset"),
    path("users/<uuid:public_id>/password-reset", factors.ask_password, name="user_password_reset"),
    path("factor-resets/<uuid:public_id>/confirm", factors.confirm, name="approval_factor"),
    path("factor-resets/<uuid:public_id>/end", factors.end, name="user_factor_end"),
    path("approvals", approvals.waiting, name="approvals"),
    path("organisation", organisation.tree, name="organisation"),
    path("organisation/<uuid:public_id>", organisation.place, name="place"),
    path("tokens", tokens.token_list, name="tokens"),
    path("tokens/<uuid:public_id>/approve", tokens.approve, name="token_approve"),
    path("tokens/<uuid:public_id>/issue", tokens.issue, name="token_issue"),
    path("tokens/<uuid:public_id>/revoke", tokens.revoke, name="token_revoke"),
    path("sources", sources.source_list, name="sources"),
    path("sources/<slug:name>/trust", sources.trust, name="source_trust"),
    path("sources/<slug:name>/settlement", sources.settle, name="source_settlement"),
    path("rates", rates.rate_list, name="rates"),
    path("rates/file", rates.file, name="rates_file"),
    path("events", trail.event_list, name="events"),
    path("settings", parameters.parameter_list, name="parameters"),
    path("settings/<str:name>", parameters.parameter, name="parameter"),
    path(
        "settings/proposals/<uuid:public_id>/approve",
        parameters.approve,
        name="approval_parameter",
    ),
    path("settings/proposals/<uuid:public_id>/end", parameters.end, name="parameter_end"),
    path("team", team.team_counts, name="team"),
]
