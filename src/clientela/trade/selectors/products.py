"""Reading products."""

from collections.abc import Sequence

from clientela.security.permits import Access
from clientela.trade.models import Product


def product_labels(access: Access, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return code and name of products by id; nothing for who may not read products."""
    if not access.may("product.read"):
        return {}
    rows = Product.objects.filter(pk__in=ids).values_list("id", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}
