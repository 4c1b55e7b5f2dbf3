"""Changing rights: each function is one transaction and one event."""

from clientela.security.services.factors import ask_reset, confirm_reset, end_reset
from clientela.security.services.grants import approve_grant, end_grant, propose_grant
from clientela.security.services.invitations import invite
from clientela.security.services.organisation import add_node, correct_node
from clientela.security.services.reveal import reveal
from clientela.security.services.tokens import (
    approve_token,
    issue_token,
    propose_token,
    revoke_token,
    token_digest,
)
from clientela.security.services.users import (
    add_user,
    change_preferences,
    disable_user,
    enable_user,
)

__all__ = [
    "add_node",
    "add_user",
    "approve_grant",
    "approve_token",
    "ask_reset",
    "change_preferences",
    "confirm_reset",
    "correct_node",
    "disable_user",
    "enable_user",
    "end_grant",
    "end_reset",
    "invite",
    "issue_token",
    "propose_grant",
    "propose_token",
    "reveal",
    "revoke_token",
    "token_digest",
]
