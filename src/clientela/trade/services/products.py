"""Products as sources name them."""

from clientela.store.bulk import execute

_CATEGORIES = """
insert into trade_category (parent_id, name, depth)
select distinct p.parent_id, p.name, %(depth)s from (
    select {name} as name, {parent} as parent_id from {table} s {join}
    where s.run_id = %(run)s and {name} is not null {only}
) p
on conflict do nothing"""

_ONLY = """and exists (select 1 from staging.unit u where u.run_id = s.run_id
    and u.unit = s.unit and u.outcome = 'load')"""
_JOIN_1 = "join trade_category a on a.parent_id is null and a.name = s.category_1"
_JOIN_2 = f"{_JOIN_1} join trade_category b on b.parent_id = a.id and b.name = s.category_2"

# The last row of a code decides its name; an empty name changes nothing.
_PRODUCTS = """
insert into trade_product as p (public_id, source_id, code, name, category_id, category_1,
    category_2, category_3, unit, list_price, currency, launched_on, run_id)
select gen_random_uuid(), %(source)s, s.code, s.name, coalesce(c.id, b.id, a.id), s.category_1,
    s.category_2, s.category_3, s.unit, s.list_price, s.currency, s.launched_on, %(run)s
from (
    select distinct on ({code}) {code} as code, {columns}
    from {table} s where run_id = %(run)s and {code} is not null {only}
    order by {code}, (coalesce({named}, '') = ''), row_no desc
) s
left join trade_category a on a.parent_id is null and a.name = s.category_1
left join trade_category b on b.parent_id = a.id and b.name = s.category_2
left join trade_category c on c.parent_id = b.id and c.name = s.category_3
on conflict (source_id, code) do update set {update}"""

_KEEP = """
    name = coalesce(nullif(p.name, ''), excluded.name),
    category_id = coalesce(p.category_id, excluded.category_id),
    category_1 = coalesce(p.category_1, excluded.category_1),
    category_2 = coalesce(p.category_2, excluded.category_2),
    category_3 = coalesce(p.category_3, excluded.category_3)
where p.name = '' and excluded.name <> ''
   or p.category_1 is null and excluded.category_1 is not null"""

_CHANGE = """
    name = coalesce(nullif(excluded.name, ''), p.name),
    category_id = coalesce(excluded.category_id, p.category_id),
    category_1 = coalesce(excluded.category_1, p.category_1),
    category_2 = coalesce(excluded.category_2, p.category_2),
    category_3 = coalesce(excluded.category_3, p.category_3),
    unit = coalesce(nullif(excluded.unit, ''), p.unit),
    list_price = coalesce(excluded.list_price, p.list_price),
    currency = coalesce(excluded.currency, p.currency),
    launched_on = coalesce(excluded.launched_on, p.launched_on)
where (p.name, p.category_1, p.category_2, p.category_3, p.unit, p.list_price, p.currency,
       p.launched_on)
    is distinct from (coalesce(nullif(excluded.name, ''), p.name),
       coalesce(excluded.category_1, p.category_1), coalesce(excluded.category_2, p.category_2),
       coalesce(excluded.category_3, p.category_3), coalesce(nullif(excluded.unit, ''), p.unit),
       coalesce(excluded.list_price, p.list_price), coalesce(excluded.currency, p.currency),
       coalesce(excluded.launched_on, p.launched_on))"""


def load_products(*, run_id: int, source_id: int, from_lines: bool) -> int:
    """Write the products of a run from staging; return how many are new or changed.

    :param from_lines: take them from the sales lines, which name a product only in passing:
        what is known of it already stays.
    """
    table = "staging.sales_line" if from_lines else "staging.product"
    params = {"run": run_id, "source": source_id}
    for depth, join in enumerate(("", _JOIN_1, _JOIN_2), start=1):
        parent = ("null::bigint", "a.id", "b.id")[depth - 1]
        query = _CATEGORIES.format(
            name=f"s.category_{depth}", parent=parent, table=table, join=join, only=_ONLY
        )
        execute(query, params | {"depth": depth})
    if from_lines:
        return execute(
            _PRODUCTS.format(
                code="product",
                named="product_name",
                table=table,
                only=_ONLY,
                update=_KEEP,
                columns="coalesce(product_name, '') as name, category_1, category_2, category_3, "
                "'' as unit, null::numeric as list_price, null::text as currency, "
                "null::date as launched_on",
            ),
            params,
        )
    columns = "name, category_1, category_2, category_3, measure as unit, list_price, currency, launched_on"
    query = _PRODUCTS.format(
        code="s.unit", named="name", table=table, only=_ONLY, update=_CHANGE, columns=columns
    )
    return execute(query, params)
