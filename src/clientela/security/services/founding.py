"""A new installation: the group, the purposes, and the account that the machine itself uses."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from clientela.audit.services import record_event
from clientela.security.models import Grant, OrgNode, Purpose, User
from clientela.security.roles import Role

SERVICE_ACCOUNT = "clientela"
LONG = timedelta(days=3650)
_BUSINESS = ["sales", "credit_controller", "credit_manager", "service", "data_steward"]

# code, name by language, classes, roles, legal basis, asks for a note
_PURPOSES: tuple[tuple[str, dict[str, str], list[str], list[str], str, bool], ...] = (
    ("order", {"en": "Order or delivery", "zh-hans": "订单或交货", "es": "Pedido o entrega"},
     ["S2"], ["sales", "service"], "contract", False),
    ("collection", {"en": "Collection of a debt", "zh-hans": "催收", "es": "Cobro de una deuda"},
     ["S2", "S4"], ["credit_controller", "credit_manager"], "contract", False),
    ("complaint", {"en": "Complaint or fault", "zh-hans": "投诉或故障", "es": "Queja o avería"},
     ["S2"], ["sales", "service"], "contract", False),
    ("data_quality", {"en": "Checking the data", "zh-hans": "数据核对", "es": "Revisión de datos"},
     ["S2"], ["data_steward"], "legitimate_interest", False),
    ("credit_case", {"en": "Credit case", "zh-hans": "信用案件", "es": "Expediente de crédito"},
     ["S2", "S4"], ["credit_controller", "credit_manager"], "contract", True),
    ("audit_case", {"en": "Audit case", "zh-hans": "审计案件", "es": "Expediente de auditoría"},
     ["S2", "S4"], ["auditor"], "legal_duty", True),
    ("privacy_request", {"en": "Request of the person", "zh-hans": "本人请求",
                         "es": "Solicitud de la persona"},
     ["S2"], ["service", "data_steward"], "legal_duty", True),
    ("other", {"en": "Something else", "zh-hans": "其他", "es": "Otro motivo"},
     ["S2"], _BUSINESS, "legitimate_interest", True),
)  # fmt: skip


def purposes_in_words() -> str:
    """Return the codes of the purposes, with whose they are and which ask for a note."""
    return "; ".join(
        f"`{code}` ({', '.join(roles)}{': with a note' if needs_note else ''})"
        for code, _, _, roles, _, needs_note in _PURPOSES
    )


@transaction.atomic
def found(*, name: str, base_currency: str, at: datetime) -> OrgNode:
    """Make the group of a new installation; an installation that has one is left as it is.

    :param base_currency: empty: that of the first money that comes in.
    """
    with connection.cursor() as cursor:  # of two first commands one founds
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('clientela founding', 0))")
    group = OrgNode.objects.filter(kind=OrgNode.Kind.GROUP).first()
    if group is not None:
        return group
    group = OrgNode.objects.create(
        kind=OrgNode.Kind.GROUP, code="group", name=name, path="", base_currency=base_currency
    )
    group.path = f"/{group.pk}/"
    group.save(update_fields=["path"])
    for code, names, classes, roles, basis, needs_note in _PURPOSES:
        Purpose.objects.create(
            code=code, name=names, classes=classes, roles=roles, legal_basis=basis,
            needs_note=needs_note,
        )  # fmt: skip
    _service_account(group, at)
    record_event(
        act="security.installation.founded",
        at=at,
        subject=("security.OrgNode", group.public_id),
        after={"name": name, "base_currency": base_currency},
    )
    return group


def _service_account(group: OrgNode, at: datetime) -> None:
    """The command line acts as this account unless it is told a user: steward and analyst."""
    user = User(
        username=SERVICE_ACCOUNT, full_name="Clientela", kind=User.Kind.SERVICE, created_at=at
    )
    user.set_unusable_password()
    user.save()
    for role in (Role.DATA_STEWARD, Role.ANALYST):
        Grant.objects.create(
            user=user, role=role, node=group, valid_from=at, valid_to=at + LONG,
            proposed_by="set-up", proposed_at=at, approved_by="operator", approved_at=at,
        )  # fmt: skip
