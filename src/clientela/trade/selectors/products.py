"""Reading products."""

from collections.abc import Sequence

from clientela.security.permits import Access
from clientela.trade.models import Product


def products_named(access: Access, ids: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Return code, name and source of products by id; nothing for who may not read products."""
    if not access.may("product.read"):
        return {}
    rows = Product.objects.filter(pk__in=ids).values_list("id", "code", "name", "source__name")
    return {pk: (code, name, source) for pk, code, name, source in rows}


def product_labels(access: Access, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return code and name of products by id; nothing for who may not read products."""
    return {pk: (code, name) for pk, (code, name, _) in products_named(access, ids).items()}
