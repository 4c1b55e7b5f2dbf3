"""What several expressions work out alike, so that it is worked out once.

    answer      ← open items ← invoices, allocations
    population  ← open items

An engine is asked each expression by itself and finds the open items twice. `in_common` names the
nodes of their trees that both hold and that are dear; `Session.shared` keeps each as a table and
puts the table in its place. Reading and filtering a table again costs less than keeping it.
"""

from collections.abc import Mapping

import ibis.expr.operations as ops
import ibis.expr.types as ir

_DEAR = (ops.JoinChain, ops.Aggregate, ops.Union)


def in_common(one: ir.Table, other: ir.Table) -> list[ops.Relation]:
    """Return the largest parts that both expressions hold and that join, sum or unite rows."""
    both = set(one.op().find(ops.Relation)) & set(other.op().find(ops.Relation))
    # A reference is how a join names its side; what it refers to is a node of its own.
    dear = {node for node in both if not isinstance(node, ops.Reference) and _is_dear(node)}
    inside = {part for node in dear for part in node.find(ops.Relation) if part != node}
    return [node for node in dear if node not in inside]


def with_tables(expr: ir.Table, tables: Mapping[ops.Relation, ir.Table]) -> ir.Table:
    """Return `expr` with tables in place of the parts that they hold."""
    found: ir.Table = expr.op().replace({n: table.op() for n, table in tables.items()}).to_expr()
    return found


def _is_dear(node: ops.Relation) -> bool:
    return any(isinstance(part, _DEAR) for part in node.find(ops.Relation))
