"""api.md: the operations and schemas of the API, short, from its OpenAPI description."""

from collections.abc import Mapping
from typing import Any

from clientela.api.root import api
from docs.generators.markdown import code, table, titled

METHODS = ("get", "post", "put", "patch", "delete")
INTRODUCTION = """
Every address begins with `/api/v1`; `/api/v1/openapi.json` describes the same in full to
whoever may call, so that a client can be made from it. A caller signs in by
`Authorization: Bearer TOKEN` or by the session of a page. Every write carries the header
`Idempotency-Key`: sent again under it, it has its effect once; revealing a value takes none. A
parameter that there is not, or that is given twice, is refused. HEAD is answered as GET, without
a body. Lists are `{items, next}`, `cursor=next` continues; money is `{"amount": "12.30", "currency": "EUR"}`. Errors are RFC 9457 with
`reasons: [{code, params, text}]`: 401 not signed in, 403 not this act (of a write whatever is
sent), 404 not in reach or not
there, 409 refused, 422 invalid, 429 too much.
"""


def page() -> str:
    """Return the page."""
    described = api.get_openapi_schema(path_prefix="/")
    rows = [
        _operation(path, method, one)
        for path, item in described["paths"].items()
        for method, one in item.items()
        if method in METHODS
    ]
    schemas = described.get("components", {}).get("schemas", {})
    return titled(
        "API",
        INTRODUCTION,
        "## Operations",
        table(["operation", "", "parameters", "body", "answers"], rows),
        "## Parameters and fields of forms",
        table(["operation", "name", "in", "type", "", "without it", "meaning"], _inputs(described)),
        "## Schemas",
        *(_schema(name, one) for name, one in sorted(schemas.items())),
    )


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> list[object]:
    about = (operation.get("description") or operation.get("summary") or "").split("\n\n")[0]
    parameters = [
        code(p["name"] + ("" if p.get("required") else "?"))
        for p in operation.get("parameters", [])
        if p["in"] == "query"
    ]
    bodies = operation.get("requestBody", {}).get("content", {})
    body = ", ".join(_type(one["schema"]) for one in bodies.values())
    answers = ", ".join(str(status) for status in operation.get("responses", {}))
    place = f"{method.upper()} /{path.lstrip('/')}"
    return [code(place), about, ", ".join(parameters), body, answers]


def _inputs(described: Mapping[str, Any]) -> list[list[object]]:
    """Return a row for each query parameter and each field of a form of every operation."""
    rows = []
    for path, item in described["paths"].items():
        for method, one in item.items():
            if method not in METHODS:
                continue
            place = code(f"{method.upper()} /{path.lstrip('/')}")
            found = [
                _input(place, p["name"], "query", p, p["schema"], p.get("required"))
                for p in one.get("parameters", [])
                if p["in"] == "query"
            ]
            bodies = one.get("requestBody", {}).get("content", {}).values()
            for form in (body["schema"] for body in bodies if "properties" in body["schema"]):
                found += [
                    _input(place, name, "form", field, field, name in form.get("required", ()))
                    for name, field in form["properties"].items()
                ]
            rows += found
    return rows


def _input(
    place: str,
    name: str,
    where: str,
    said: Mapping[str, Any],
    schema: Mapping[str, Any],
    required: object,
) -> list[object]:
    default = schema.get("default")
    without = "" if default in (None, "") else code(str(default).lower())
    needed = "required" if required else ""
    return [place, code(name), where, _type(schema), needed, without, said.get("description")]


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    required = set(schema.get("required", ()))
    rows = [
        [code(field), _type(one), "required" if field in required else "", one.get("description")]
        for field, one in schema.get("properties", {}).items()
    ]
    return f"### {name}\n\n" + table(["field", "type", "", "meaning"], rows)


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(
        schema.get("format") or schema.get("title" if "properties" in schema else "type", "")
    )
