"""Opening sealed values in memory, many at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from clientela.store.bulk import fetch
from clientela.store.sealing import SealBroken, Sealed, unseal, unwrap


def data_keys(record_ids: Iterable[int]) -> dict[int, bytes]:
    """Return the plain data keys of these source records; a destroyed one is left out."""
    ids = sorted(set(record_ids))
    if not ids:
        return {}
    query = """select source_record_id, wrapped from records_sealkey
               where source_record_id = any (%s) and wrapped is not null"""
    return {key_id: unwrap(wrapped, key_id) for key_id, wrapped in fetch(query, [ids])}


def open_values(attribute: str, values: Sequence[Sealed]) -> dict[str, str]:
    """Return digest -> plain text; a value whose key was destroyed is left out."""
    keys = data_keys(value["key"] for value in values)
    return {
        value["digest"]: str(unseal(value, attribute=attribute, data_key=keys[value["key"]]))
        for value in values
        if value["key"] in keys
    }


def open_value(attribute: str, value: Sealed) -> Any:
    """Return one plain value. Raises SealBroken when its key was destroyed."""
    keys = data_keys([value["key"]])
    if value["key"] not in keys:
        raise SealBroken(f"the key {value['key']} was destroyed")
    return unseal(value, attribute=attribute, data_key=keys[value["key"]])
