"""What the description of the API tells beside what the framework finds in the code: how a caller
signs in, the key of a write, and how refusals look. From it programs are made that call."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from django.conf import settings
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.operation import Operation
from pydantic import Field

from clientela.api.problems import CONTENT_TYPE, TITLES
from clientela.api.writing import HEADER
from clientela.store.idempotency import LONGEST

View = TypeVar("View")
TOKEN, SESSION, FORGERY = "token", "session", "csrf"
KEY = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "description": "one key for one write, new for each: sent again under it, the same request is "
    "answered as the first time and has no second effect; another request under it is 422 "
    "(`idempotency_key_reused`), one that comes while the first is at work 409 "
    "(`request_at_work`). Without it: 422 (`idempotency_key_missing`)",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
}
MEANINGS = {
    400: "not understood: the body is no JSON, or the request cannot be read",
    401: "not signed in, or the token is not in force",
    403: "not permitted: of a write whatever is sent with it",
    404: "out of reach, or not there: the same answer",
    409: "refused as things stand",
    415: "the body is neither JSON nor a form with a file",
    422: "invalid, with each reason",
}
HEADERS = {
    401: {"WWW-Authenticate": "where a token is missing or not in force: `Bearer`"},
    409: {"Retry-After": "seconds, where the first request with the key is still at work"},
}


class ReasonForm(Schema):
    code: str = Field(description="lower_snake, for programs")
    params: dict[str, str] = Field(description="what the reason is about, as text")
    text: str = Field(description="the reason in words, in the language of `Accept-Language`")


class ProblemForm(Schema):
    """Problem details (RFC 9457) with every reason."""

    type: Literal["about:blank"]
    title: str
    status: int
    reasons: list[ReasonForm]


class Description(OpenAPISchema):
    """The framework's description, completed."""

    def methods(self, operations: list[Operation]) -> dict[str, Any]:
        """Return the operations of an address by method. HEAD is GET without a body."""
        told: dict[str, Any] = super().methods(operations)
        return {method: one for method, one in told.items() if method != "head"}

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """Return what is told of an operation, with its key, its sign-in and its refusals."""
        told: dict[str, Any] = super().operation_details(operation)
        writes = is_write(operation)
        if takes_key(operation):
            told["parameters"] = [*told["parameters"], KEY]
        told["security"] = [{TOKEN: []}, {SESSION: [], **({FORGERY: []} if writes else {})}]
        statuses = {400, 401, 403, 422}
        statuses |= {409, 415} if writes else set()
        statuses |= {404} if "{" in operation.path else set()
        statuses |= getattr(operation.view_func, "refuses_with", set())
        for status in sorted(statuses):
            told["responses"][status] = {"$ref": f"#/components/responses/{_name(status)}"}
        return told

    def get_components(self) -> dict[str, Any]:
        """Return what operations refer to."""
        for form in (ReasonForm, ProblemForm):
            schema = form.model_json_schema(ref_template=REF_TEMPLATE)
            schema.pop("$defs", None)
            self.schemas[form.__name__] = schema
        return {
            "schemas": self.schemas,
            "responses": {_name(status): _refusal(status) for status in MEANINGS},
            "securitySchemes": _sign_in(),
        }


class DescribedAPI(NinjaAPI):
    """An API that tells of itself what `Description` adds."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Description(self, prefix)


def takes_no_key(view: View) -> View:
    """Mark a write that has its effect each time it is sent."""
    setattr(view, "takes_no_key", True)  # noqa: B010 - a mark on a function
    return view


def refuses_with(*statuses: int) -> Callable[[View], View]:
    """Mark a view that answers with these statuses too, which others of its method do not."""

    def mark(view: View) -> View:
        setattr(view, "refuses_with", set(statuses))  # noqa: B010 - a mark on a function
        return view

    return mark


def is_write(operation: Operation) -> bool:
    """Tell whether an operation changes anything, or leaves an event each time."""
    return "GET" not in operation.methods


def takes_key(operation: Operation) -> bool:
    """Tell whether an operation asks for an idempotency key."""
    return is_write(operation) and not hasattr(operation.view_func, "takes_no_key")


def _name(status: int) -> str:
    return TITLES[status].title().replace(" ", "")


def _refusal(status: int) -> dict[str, Any]:
    headers = {
        name: {"description": meaning, "schema": {"type": "string"}}
        for name, meaning in HEADERS.get(status, {}).items()
    }
    return {
        "description": MEANINGS[status],
        "content": {CONTENT_TYPE: {"schema": {"$ref": REF_TEMPLATE.format(model="ProblemForm")}}},
        **({"headers": headers} if headers else {}),
    }


def _sign_in() -> dict[str, Any]:
    return {
        TOKEN: {
            "type": "http",
            "scheme": "bearer",
            "description": "a token that an administrator proposed and another person approved",
        },
        SESSION: {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "the session of a page, with its second factor where the role asks",
        },
        FORGERY: {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRFToken",
            "description": "with a session, for writes: the token of the page, beside its cookie "
            f"`{settings.CSRF_COOKIE_NAME}`",
        },
    }
