"""Tags that every template may use."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from lucide.templatetags import lucide as icons

from clientela.kernel.masked import Masked
from clientela.web import classes, formats, industries, reasons, words
from clientela.web.analyses import words as figures

register = template.Library()

register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("last_day", formats.last_day)
register.filter("figure", formats.number)
register.filter("part", formats.part)
register.filter("rate", formats.rate)
register.filter("country", formats.country)
register.filter("industry", industries.industry)
register.filter("segment", figures.code)
register.simple_tag(classes.classes_told, name="classes_told")
register.simple_tag(classes.classes_wait, name="classes_wait")
register.simple_tag(classes.rates_wait, name="rates_wait")
register.simple_tag(lru_cache(maxsize=256)(icons.lucide), name="lucide")  # each is drawn once


@register.filter
def money(minor: int | None, currency: str | None) -> str:
    """Write minor units with their currency."""
    return formats.money(minor, currency)


@register.filter
def amount(value: str | None, currency: str | None) -> str:
    """Write a decimal amount with its currency."""
    return formats.amount(value, currency)


@register.inclusion_tag("parts/fold_head.html")
def fold_head(given: Mapping[str, str], names: str) -> dict[str, int]:
    """Head the filters that a phone folds away, with how many of `names` are set."""
    return {"n": sum(1 for name in names.split() if given.get(name))}


@register.filter
def word(code: str | None, kind: str) -> str:
    """Return the word for a code: `{{ customer.kind|word:"KINDS" }}`."""
    return words.word(getattr(words, kind), code)


@register.filter
def without_key(object_id: str) -> str:
    """Return what an event names its object by; a bare key of a row is shown to nobody."""
    return "" if object_id.isdigit() else object_id


@register.filter
def is_masked(value: Any) -> bool:
    """Tell a masked value from a plain one."""
    return isinstance(value, Masked)


@register.filter
def told(reason: dict[str, Any]) -> str:
    """Return the sentence for a reason as it is stored."""
    return reasons.told(str(reason.get("code", "")), dict(reason.get("params", {})))


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """Return one value of a mapping, empty if there is none."""
    return mapping.get(key, "")


@register.simple_tag
def with_query(request: HttpRequest, **changes: Any) -> str:
    """Return this page's query with some parameters changed; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag
def narrowed(request: HttpRequest, only: str) -> str:
    """Return this page's query narrowed by one `name=value`, from its first page on."""
    query = request.GET.copy()
    name, _, value = only.partition("=")
    query.pop("page", None)
    query[name] = value
    return "?" + query.urlencode()
