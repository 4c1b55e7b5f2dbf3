"""One row for each interaction with a customer, whoever had it and by whatever channel.

`product_id` names a product of trade, a part on the same line that this one does not
import; a statement trigger sees to it that the product exists.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clientela.records.documents import Entry, entry_indexes, entry_rules
from clientela.security.models import User


class Contact(Entry):
    """One interaction of one department with one customer."""

    class Department(models.TextChoices):
        SALES = "sales", _("Sales")
        MARKETING = "marketing", _("Marketing")
        SERVICE = "service", _("Service")
        CREDIT = "credit", _("Credit")
        LOGISTICS = "logistics", _("Logistics")

    class Direction(models.TextChoices):
        IN = "in", _("from the customer")
        OUT = "out", _("to the customer")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        VISIT = "visit", _("Visit")
        EMAIL = "email", _("E-mail")
        MESSAGE = "message", _("Message")
        LETTER = "letter", _("Letter")
        WEB = "web", _("Web page")

    class Kind(models.TextChoices):
        OFFER = "offer", _("Offer")
        PROMOTION = "promotion", _("Promotion")
        NEWSLETTER = "newsletter", _("Newsletter")
        SURVEY = "survey", _("Survey")
        CARE = "care", _("Care call")
        ORDER = "order", _("Order")
        DELIVERY = "delivery", _("Delivery")
        REMINDER = "reminder", _("Payment reminder")
        CASE = "case", _("Case")
        CONTRACT = "contract", _("Contract")
        OTHER = "other", _("Other")

    at = models.DateTimeField(_("when"))
    department = models.CharField(_("department"), max_length=9, choices=Department)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    channel = models.CharField(_("channel"), max_length=7, choices=Channel)
    kind = models.CharField(_("kind of message"), max_length=10, choices=Kind)
    is_proactive = models.BooleanField(_("proactive"), default=False)
    product_id = models.BigIntegerField(null=True)
    category = models.CharField(_("category"), max_length=120, blank=True, default="")
    staff = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("who"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("contact")
        constraints = [
            *entry_rules("contact"),
            models.CheckConstraint(
                condition=Q(is_proactive=False) | Q(direction="out"),
                name="contact_that_is_proactive_goes_out",
            ),
        ]
        indexes = entry_indexes("contact", "at")
