"""The form of a customer's facts as a browser sends it: every field as the page shows it."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


class _Form(HTMLParser):
    """What the fields of a page's posted forms hold, boxes only where they are ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.open = ""  # the field whose text or choices are read
        self.form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.form = given.get("method") == "post" and not given.get("action")
        if not self.form:
            return
        if tag == "input" and name and (given.get("type") != "checkbox" or "checked" in given):
            self.sent[name] = given.get("value", "")
        elif tag in ("textarea", "select"):
            self.open, self.sent[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.sent[self.open] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("textarea", "select"):
            self.open = ""
        self.form = self.form and tag != "form"

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self.open:
            self.sent[self.open] += data


def as_shown(answer: HttpResponse) -> dict[str, str]:
    """Return the fields of the form on a page as the page shows them."""
    form = _Form()
    form.feed(answer.content.decode())
    form.sent.pop("csrfmiddlewaretoken", None)
    return form.sent


def opened(client: Any, url: str) -> dict[str, str]:
    """Open a form; return its fields."""
    answer = client.get(url)
    assert answer.status_code == 200
    return as_shown(answer)


def shown(client: Any, url: str) -> dict[str, str]:
    """Open a form; return alone the field that tells what it shows."""
    return {"seen": opened(client, url).get("seen", "")}
