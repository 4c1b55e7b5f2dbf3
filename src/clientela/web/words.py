"""Codes in the reader's words: acts, roles, field classes, reaches, kinds, events."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clientela.records.attributes import ATTRIBUTES
from clientela.web import import_words as imports
from clientela.web.import_reasons import CONTENTS

Words = dict[str, str | Promise]

ACTS: Words = {
    "customer.read": _("read customer files"),
    "customer.write": _("change customer files"),
    "customer.contact": _("change how customers are reached"),
    "customer.reveal": _("reveal masked values"),
    "trade.read": _("read orders and invoices"),
    "receivable.read": _("read receivables"),
    "payment.read": _("read payments"),
    "contact.read": _("read contacts"),
    "case.read": _("read cases"),
    "survey.read": _("read surveys"),
    "promotion.read": _("read promotions"),
    "contract.read": _("read contracts"),
    "product.read": _("read products"),
    "analysis.run": _("run analyses"),
    "analysis.trace": _("see the documents behind a figure"),
    "import.run": _("import files"),
    "import.read": _("read imports"),
    "import.take_back": _("take imports back"),
    "source.read": _("read sources"),
    "source.write": _("change sources"),
    "user.read": _("see users"),
    "user.write": _("change users"),
    "grant.propose": _("propose roles"),
    "grant.approve": _("approve roles"),
    "grant.end": _("end roles"),
    "token.propose": _("propose tokens"),
    "token.approve": _("approve tokens"),
    "token.revoke": _("revoke tokens"),
    "factor.propose": _("ask about lost second factors and passwords"),
    "factor.approve": _("take lost second factors away, and make links for lost passwords"),
    "factor.end": _("refuse requests about second factors and passwords"),
    "organisation.write": _("change the organisation"),
    "parameter.read": _("read settings"),
    "rate.read": _("see exchange rates"),
    "rate.write": _("enter exchange rates"),
    "parameter.propose": _("propose settings"),
    "parameter.approve": _("approve settings"),
    "parameter.end": _("decline proposed settings"),
    "event.read": _("read the audit trail"),
    "event.count": _("see what the team did, in numbers"),
    "work.read": _("see own work"),
}

ANALYSES: Words = {
    "abc": _("ABC classes"),
    "rfm": _("RFM and segments"),
    "sales": _("Sales"),
    "cohorts": _("Cohorts"),
    "ageing": _("Ageing of receivables"),
    "punctuality": _("Punctuality of payment"),
    "dso": _("Days sales outstanding"),
}
ROLES: Words = {
    "sales": _("Sales"),
    "credit_controller": _("Credit controller"),
    "credit_manager": _("Credit manager"),
    "marketing": _("Marketing"),
    "service": _("Service"),
    "analyst": _("Analyst"),
    "data_steward": _("Data steward"),
    "auditor": _("Auditor"),
    "security_officer": _("Security and privacy officer"),
    "administrator": _("Administrator"),
    "executive": _("Management"),
}

CLASSES: Words = {
    "S0": _("public"),
    "S1": _("internal"),
    "S2": _("contact data of a person"),
    "S3": _("commercial secret"),
    "S4": _("sensitive"),
    "S5": _("secret"),
}

REACHES: Words = {
    "own": _("own customers"),
    "node": _("the branch and below"),
    "all": _("everything"),
}

NODES: Words = {
    "group": _("Group"),
    "company": _("Company"),
    "region": _("Sales region"),
    "branch": _("Branch"),
    "team": _("Team"),
}

KINDS: Words = {"company": _("Company"), "person": _("Person")}
STAGES: Words = {
    "related": _("Related party"),
    "prospect": _("Prospect"),
    "customer": _("Customer"),
    "former": _("Former customer"),
}
INVOICES: Words = {
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "adjustment": _("Adjustment"),
}
# How a payment stands; `unapplied` takes all but the first together.
STANDINGS: Words = {
    "applied": _("Applied"),
    "partly": _("Applied in part"),
    "waits": _("Waits for its invoice"),
    "over": _("More than is open"),
    "other_currency": _("Invoice in another currency"),
    "unnamed": _("Names no invoice"),
    "paid_back": _("Paid back"),
    "unapplied": _("Not applied in full"),
    "no_customer": _("Customer not known"),
}
ORDERS: Words = {
    "open": _("Open"),
    "held": _("Held"),
    "delivered": _("Delivered"),
    "cancelled": _("Cancelled"),
}
DEPARTMENTS: Words = {
    "sales": _("Sales"),
    "marketing": _("Marketing"),
    "service": _("Service"),
    "credit": _("Credit"),
    "logistics": _("Logistics"),
}
DIRECTIONS: Words = {"in": _("from the customer"), "out": _("to the customer")}
BY: Words = {
    "phone": _("Phone"),
    "visit": _("Visit"),
    "email": _("E-mail"),
    "message": _("Message"),
    "letter": _("Letter"),
    "web": _("Web page"),
}
MESSAGES: Words = {
    "offer": _("Offer"),
    "promotion": _("Promotion"),
    "newsletter": _("Newsletter"),
    "survey": _("Survey"),
    "care": _("Care call"),
    "order": _("Order"),
    "delivery": _("Delivery"),
    "reminder": _("Payment reminder"),
    "case": _("Case"),
    "contract": _("Contract"),
    "other": _("Other"),
}
CASES: Words = {
    "complaint": _("Complaint"),
    "fault": _("Fault report"),
    "inquiry": _("Inquiry"),
    "suggestion": _("Suggestion"),
}
PRIORITIES: Words = {
    "low": _("Low"),
    "normal": _("Normal"),
    "high": _("High"),
    "urgent": _("Urgent"),
}
CASE_STATES: Words = {"new": _("New"), "answered": _("Answered"), "resolved": _("Resolved")}
CAUSES: Words = {
    "goods": _("Goods"),
    "delivery": _("Delivery"),
    "invoice": _("Invoice"),
    "price": _("Price"),
    "service": _("Service"),
    "handling": _("Handling by the customer"),
    "information": _("Missing information"),
}
OUTCOMES: Words = {
    "repaired": _("Repaired"),
    "replaced": _("Replaced"),
    "refunded": _("Refunded"),
    "explained": _("Explained"),
    "adopted": _("Adopted"),
    "refused": _("Refused"),
}
GROUPS: Words = {"treated": _("Treated"), "control": _("Control group")}
RESPONSES: Words = {
    "bought": _("Bought"),
    "asked": _("Asked for more"),
    "refused": _("Refused"),
    "unsubscribed": _("Wants no more of these"),
    "complained": _("Complained"),
}
REFUSALS: Words = {
    "price": _("Price"),
    "no_need": _("No need"),
    "too_many": _("Too many messages"),
    "competitor": _("Buys elsewhere"),
    "dissatisfied": _("Not satisfied with us"),
}
CONTRACTS: Words = {
    "framework": _("Framework agreement"),
    "supply": _("Supply contract"),
    "service": _("Service contract"),
}
CONTRACT_STATES: Words = {
    "draft": _("Draft"),
    "active": _("In force"),
    "renewed": _("Renewed"),
    "ended": _("Ended"),
    "terminated": _("Terminated"),
}
SEXES: Words = {"female": _("Female"), "male": _("Male"), "other": _("Other")}
MARITAL: Words = {
    "single": _("Single"),
    "married": _("Married"),
    "divorced": _("Divorced"),
    "widowed": _("Widowed"),
}
HOMES: Words = {"homeowner": _("Own home"), "renter": _("Rented home")}
# Means of payment as sources name them; others are shown as given.
MEANS: Words = {
    "transfer": _("Bank transfer"),
    "card": _("Card"),
    "cheque": _("Cheque"),
    "cash": _("Cash"),
    "direct_debit": _("Direct debit"),
}
OBJECTS: Words = {
    "records.Customer": _("Customer"),
    "records.Source": _("Source"),
    "records.SourceRecord": _("Source record"),
    "records.Classification": _("Class"),
    "records.ApartPair": _("Pair set apart"),
    "worklist.WorkItem": _("Work item"),
    "intake.Run": _("Import"),
    "intake.Mapping": _("Mapping"),
    "security.User": _("User"),
    "security.OrgNode": _("Place in the organisation"),
    "security.Grant": _("Role"),
    "security.Token": _("Token"),
    "security.FactorReset": _("Second factor or password"),
    "store.ParameterProposal": _("Setting"),
    "reading": "",
    "trade.Invoice": _("Invoice"),
    "trade.InvoiceLine": _("Invoice line"),
    "trade.Allocation": _("Allocation of a payment"),
    "trade.Order": _("Order"),
    "trade.Delivery": _("Delivery"),
    "trade.Payment": _("Payment"),
    "contracts.Contract": _("Contract"),
    "contacts.Contact": _("Contact"),
    "feedback.Case": _("Case"),
    "feedback.SurveyAnswer": _("Survey"),
    "feedback.SurveyInvitation": _("Invitation to a survey"),
    "campaigns.PromotionTarget": _("Promotion"),
    "analysis": _("Analysis"),
}
SETTLEMENTS: Words = {
    "known": _("Invoices and payments"),
    "unknown": _("Sales without payments"),
}
CHANNELS: Words = {
    "page": _("Page"),
    "api": _("API"),
    "cli": _("Command line"),
    "job": _("Job"),
}
# Who set something up that no user did; a user is told by the user name.
NO_USER: Words = {
    "operator": _("owner of the machine"), "set-up": _("set-up"),
}  # fmt: skip
# What one of several numbers of a customer is, where a file of customers tells it.
ITEMS: Words = {"mobile": _("mobile")}
# Where a rate came from; a file is told by its name.
ORIGINS: Words = {
    "page": _("Page"), "api": _("API"), "command": _("Command line"), "demo": _("Demo company"),
}  # fmt: skip
WORK: Words = {
    "import_questions": _("Questions about the import of %(file)s (%(questions)s)"),
}

EVENTS: Words = {
    "records.customer.added": _("opened a customer file"),
    "records.customer.corrected": _("corrected a customer file"),
    "records.customer.archived": _("archived a customer file"),
    "records.customer.reopened": _("reopened a customer file"),
    "records.source.added": _("added a source"),
    "records.customer.read": _("read of customers"),
    "records.source.trust_set": _("changed the trust in a source"),
    "trade.source.settlement_set": _("changed what a source knows of payment"),
    "records.record.linked": _("linked a source record"),
    "records.pair.set_apart": _("set two records apart"),
    "worklist.item.opened": _("opened a work item"),
    "worklist.item.closed": _("closed a work item"),
    "intake.run.received": _("received a file"),
    "intake.run.answered": _("answered questions of an import"),
    "intake.mapping.saved": _("saved a mapping"),
    "intake.run.confirmed": _("confirmed an import"),
    "intake.run.cancelled": _("cancelled an import"),
    "intake.run.repeated": _("sent a file that was imported already"),
    "intake.run.tried": _("tried an import"),
    "intake.run.finished": _("finished an import"),
    "intake.run.failed": _("an import failed"),
    "intake.run.taken_back": _("took an import back"),
    "intake.run.out_of_reach": _("sent numbers of customers out of reach"),
    "intake.samples.read": _("looked at the first rows of an import"),
    "intake.rejected.downloaded": _("took rejected rows of an import out"),
    "security.user.added": _("added a user"),
    "security.user.disabled": _("disabled a user"),
    "security.user.enabled": _("enabled a user"),
    "security.user.invited": _("made a sign-in link"),
    "security.user.preferences_changed": _("changed the own preferences"),
    "security.installation.founded": _("founded the installation"),
    "security.office.filled": _("named an officer from the command line"),
    "security.field.revealed": _("revealed a value"),
    "security.org_node.added": _("added a place to the organisation"),
    "security.org_node.corrected": _("corrected a place of the organisation"),
    "security.grant.proposed": _("proposed a role"),
    "security.grant.approved": _("approved a role"),
    "security.grant.ended": _("ended a role"),
    "analysis.parameter.proposed": _("proposed a setting"),
    "analysis.parameter.approved": _("approved a setting"),
    "analysis.parameter.withdrawn": _("withdrew a proposed setting"),
    "analysis.parameter.declined": _("declined a proposed setting"),
    "security.factor_reset.asked": _("asked that a second factor be taken away"),
    "security.factor_reset.confirmed": _("took a second factor away"),
    "security.factor_reset.withdrawn": _("withdrew a request about a second factor"),
    "security.factor_reset.refused": _("refused a request about a second factor"),
    "security.password_reset.asked": _("asked for a link for a new password"),
    "security.password_reset.confirmed": _("made a link for a new password"),
    "security.password_reset.withdrawn": _("withdrew a request for a link for a new password"),
    "security.password_reset.refused": _("refused a request for a link for a new password"),
    "security.token.proposed": _("proposed a token"),
    "security.token.approved": _("approved a token"),
    "security.token.issued": _("issued a token"),
    "security.token.revoked": _("revoked a token"),
    "trade.rates.set": _("entered exchange rates"),
    "analysis.classes.held_back": _("let classes wait for exchange rates"),
    "analysis.customers.classified": _("classified the customers"),
    "analysis.answer.downloaded": _("downloaded an analysis"),
    "demo.loaded": _("loaded the demo company"),
    "security.session.begun": _("signed in"),
    "security.session.refused": _("was refused sign-in"),
    "security.session.ended": _("signed out"),
    "web.request.refused": _("was refused a request"),
}

# An analysis that needs more than the reader's tables is refused by its name.
_REFUSED: Words = {f"analysis.{name}": words for name, words in ANALYSES.items()}
_PARAMS: dict[str, Words] = {
    "act": {**ACTS, "analysis.download": _("download analyses"), **_REFUSED}, "analysis": ANALYSES, "role": ROLES, "other": ROLES, "field_class": CLASSES,
    "kind": {**NODES, **CONTENTS}, "parent": NODES, "state": imports.STATES,
    "reads": imports.KINDS, "rows_given": imports.KINDS,
}  # fmt: skip
_FIELDS: Words = {
    "name": _("Name"), "node": _("Branch"), "owner": _("Account manager"), "kind": _("Kind"), "abc_class": _("ABC class"), "rfm_segment": _("Segment"),
    "amount": _("Amount"), "stage": _("Stage"), "true_from": _("True from"), "filter": _("Filter"),
    "least": _("Net at least"), "a_until_percent": _("Class A until (%)"),
    "b_until_percent": _("Class B until (%)"), "least_invoices": _("Least invoices for a score"),
    "by": _("By"), "per": _("A row for"),
}  # fmt: skip


def word(words: Words, code: str | None) -> str:
    """Return the word for a code; a code that there is no word for stands for itself."""
    return str(words.get(code or "", code or ""))


def of_param(name: str, value: str) -> str:
    """Return a reason's parameter in words, where it is a code."""
    if name in ("field", "fills"):
        attribute = ATTRIBUTES.get(value.partition("#")[0])
        return str(attribute.label) if attribute else word({**imports.FIELDS, **_FIELDS}, value)
    if name == "acts":
        return "; ".join(word(_PARAMS["act"], act) for act in value.split(", "))
    if name == "against":
        return word(_FIELDS, value)
    return word(_PARAMS[name], value) if name in _PARAMS else value
