"""`value = any(array)`: an index on the value answers it, also as one part of an OR."""

from typing import Any

from django.db.models import BooleanField, Func


class IsAmong(Func):
    """Tell whether the first expression is an element of the second, an array."""

    template = "(%(expressions)s))"
    arg_joiner = " = any("
    output_field: Any = BooleanField()
