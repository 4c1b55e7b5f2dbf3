"""People, the organisation, and who was given which role where."""

import uuid

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from clientela.security.roles import Role as RoleCode

ROLE_LABELS = [
    (RoleCode.SALES, _("Sales")),
    (RoleCode.CREDIT_CONTROLLER, _("Credit controller")),
    (RoleCode.CREDIT_MANAGER, _("Credit manager")),
    (RoleCode.MARKETING, _("Marketing")),
    (RoleCode.SERVICE, _("Service")),
    (RoleCode.ANALYST, _("Analyst")),
    (RoleCode.DATA_STEWARD, _("Data steward")),
    (RoleCode.AUDITOR, _("Auditor")),
    (RoleCode.SECURITY_OFFICER, _("Security and privacy officer")),
    (RoleCode.ADMINISTRATOR, _("Administrator")),
    (RoleCode.EXECUTIVE, _("Management")),
]


class OrgNode(models.Model):
    """A place in the organisation: group, company, region, branch or team."""

    class Kind(models.TextChoices):
        GROUP = "group", _("Group")
        COMPANY = "company", _("Company")
        REGION = "region", _("Sales region")
        BRANCH = "branch", _("Branch")
        TEAM = "team", _("Team")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("part of")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    path = models.TextField(editable=False)  # "/1/4/17/": the node after those above it
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    base_currency = models.CharField(_("base currency"), max_length=3, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")

    class Meta:
        verbose_name = _("organisation node")
        indexes = [models.Index(fields=["path"], name="org_node_by_path")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="group", parent=None) | ~Q(kind="group") & Q(parent__isnull=False),
                name="org_node_has_a_parent_unless_it_is_the_group",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind="group"), name="organisation_has_one_group"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, or a service account that programs use."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        SERVICE = "service", _("Service account")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.PERSON)
    username = models.CharField(_("user name"), max_length=80, unique=True)
    full_name = models.CharField(_("name"), max_length=120, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    # empty until the person chooses one: then the browser's counts
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    # empty: that of the place where the person works
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True, default="")
    theme = models.CharField(_("appearance"), max_length=8, default="auto")
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.TextField(blank=True, default="")
    # when two persons last took the second factor away: no session from before counts, and a new
    # factor is demanded whatever the roles
    factor_reset_at = models.DateTimeField(null=True, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name = _("user")

    def __str__(self) -> str:
        return self.full_name or self.username


@pghistory.track(exclude=["public_id"])  # it never changes
class Grant(models.Model):
    """One role on one node for one user, for a time, given by two people."""

    public_id = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=ROLE_LABELS)
    node = models.ForeignKey(OrgNode, models.PROTECT, verbose_name=_("where"))
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"))  # every right has an end
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    approved_by = models.TextField(blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("role grant")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="grant_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at=None)
                | ~Q(approved_by="") & Q(approved_at__isnull=False),
                name="grant_is_approved_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_by="", ended_at=None)
                | ~Q(ended_by="") & Q(ended_at__isnull=False),
                name="grant_is_ended_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")),
                name="grant_is_approved_by_another_than_its_proposer",
            ),
            ExclusionConstraint(
                name="grant_is_not_given_twice_at_a_time",
                expressions=[
                    (F("user"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("node"), RangeOperators.EQUAL),
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            RangeBoundary(),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.user} at {self.node}"


class Purpose(models.Model):
    """Why personal or secret data may be looked at; asked at each reveal and export."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.JSONField(_("name"))  # language -> text
    classes = models.JSONField(_("field classes"))  # ["S2", "S4"]
    roles = models.JSONField(_("roles"))
    legal_basis = models.CharField(_("legal basis"), max_length=40)
    needs_note = models.BooleanField(_("asks for a note"), default=False)

    def __str__(self) -> str:
        return self.code


class Token(models.Model):
    """A program's key to the API: owned, limited, ending, made by two people, kept as a digest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("acts as"))
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, null=True)  # SHA-256, set when shown
    acts = models.JSONField(_("acts"))  # acts of the permission table that it is limited to
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    approved_by = models.TextField(blank=True, default="")
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")),
                name="token_is_approved_by_another_than_its_proposer",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at=None)
                | ~Q(approved_by="") & Q(approved_at__isnull=False),
                name="token_is_approved_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(digest=None) | Q(approved_at__isnull=False),
                name="token_is_issued_only_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(revoked_by="", revoked_at=None)
                | ~Q(revoked_by="") & Q(revoked_at__isnull=False),
                name="token_is_revoked_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FactorReset(models.Model):
    """One person asks about what a user lost, another confirms in time.

    A second factor is taken away. For a password that is forgotten a link for a new one is made,
    and shown to who confirmed.
    """

    class What(models.TextChoices):
        FACTOR = "factor", _("Second factor")
        PASSWORD = "password", _("Password")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # the old release knew of second factors only
    what = models.CharField(max_length=8, choices=What, default="factor", db_default="factor")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("user"))
    reason = models.CharField(_("reason"), max_length=400)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_by = models.TextField(blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")  # withdrawn or refused
    ended_at = models.DateTimeField(null=True)
    link_until = models.DateTimeField(null=True)  # of a password: until when the link is good

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what="factor", link_until=None)
                | Q(what="password", confirmed_at=None, link_until=None)
                | Q(what="password", confirmed_at__isnull=False, link_until__isnull=False)
                & Q(link_until__gt=F("confirmed_at")),
                name="factor_reset_makes_a_link_for_a_confirmed_password_only",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="factor_reset_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("asked_by")),
                name="factor_reset_is_confirmed_by_another_than_who_asked",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="", confirmed_at=None)
                | ~Q(confirmed_by="") & Q(confirmed_at__isnull=False),
                name="factor_reset_is_confirmed_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_by="", ended_at=None)
                | ~Q(ended_by="") & Q(ended_at__isnull=False),
                name="factor_reset_is_ended_by_somebody_at_some_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_at__lt=F("expires_at"), ended_at=None),
                name="factor_reset_is_confirmed_in_time_and_while_it_stands",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.user}"
