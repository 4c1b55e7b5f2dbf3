"""The one place where an expression becomes rows.

A session is an open engine and what its reader may see. `table` gives a contract's table, cut to
the reader's rows and columns; `rows`, `arrow` and `value` execute. Opening is cheap (no data is
read), so a request opens its own and closes it.
"""

import threading
import uuid
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis.expr.operations import Sort

from clientela.kernel.scope import EVERYTHING, Scope
from clientela.tables.contract import TableContract
from clientela.warehouse import engines
from clientela.warehouse.engines import Engine
from clientela.warehouse.sharing import in_common, with_tables

ROW_CAP = 1_000_000  # rows that one question may bring into memory
TIMEOUT_SECONDS = 300.0


class TooManyRows(RuntimeError):
    """An expression gives more rows than may be brought into memory at once."""


class TookTooLong(RuntimeError):
    """An expression ran longer than the session allows and was stopped."""


@dataclass(frozen=True)
class Session:
    """An open engine and its reader's scope."""

    engine: Engine = field(repr=False)
    scope: Scope = EVERYTHING
    row_cap: int = ROW_CAP
    timeout_seconds: float = TIMEOUT_SECONDS

    @classmethod
    def duckdb(cls) -> Self:
        """Open DuckDB in memory, for tables that the caller brings."""
        return cls(engines.duckdb())

    @classmethod
    def delta(cls, folder: Path, snapshot: int | None = None) -> Self:
        """Open a snapshot of the columnar copy (the newest); raises NoSnapshot."""
        return cls(engines.delta(folder, snapshot))

    @classmethod
    def postgres(cls, dsn: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Self:
        """Open the views of a PostgreSQL database, read only."""
        return cls(engines.postgres(dsn, timeout_seconds=timeout_seconds))

    @classmethod
    def spark(cls, url: str, folder: Path | None = None, snapshot: int | None = None) -> Self:
        """Open a Spark Connect server (Spark or Sail) over the copy or over its own tables."""
        return cls(engines.spark(url, folder, snapshot))

    @property
    def snapshot(self) -> int | None:
        """Number of the snapshot that is read; None where the engine has none."""
        return self.engine.snapshot

    @property
    def state(self) -> Hashable:
        """What tells the snapshot that is read from every other; None where there is none."""
        return self.engine.state

    def scoped(self, scope: Scope) -> Self:
        """Return this session for a reader of `scope`. A scope can be set once, never widened."""
        if self.scope != EVERYTHING:
            raise ValueError("the session has a scope already")
        return replace(self, scope=scope)

    def table(self, contract: TableContract) -> ir.Table:
        """Return the contract's table with the reader's rows and columns, unexecuted."""
        return within(self.scope, contract, self.engine.find(contract))

    def arrow(self, expr: ir.Table) -> pa.Table:
        """Return the rows of `expr` as an Arrow table.

        Raises TooManyRows above `row_cap` rows and TookTooLong after `timeout_seconds`.
        """
        with self._bounded():
            answer: pa.Table = self.engine.backend.to_pyarrow(expr.limit(self.row_cap + 1))
        if answer.num_rows > self.row_cap:
            raise TooManyRows(f"more than {self.row_cap} rows")
        return answer

    def rows(self, expr: ir.Table) -> list[dict[str, Any]]:
        """Return the rows of `expr` as dictionaries; raises as `arrow` does."""
        rows: list[dict[str, Any]] = self.arrow(expr).to_pylist()
        return rows

    def kept(self, expr: ir.Table) -> ir.Table:
        """Work `expr` out now and return it as a table of this session, in no order.

        For what several expressions start from; the order of `expr` is not even worked out. An
        engine that holds no tables of its own gives `expr` back, to be worked out by each. Raises
        TookTooLong.
        """
        if not self.engine.keeps:
            return expr
        ordered = expr.op()
        return self._table_of(ordered.parent.to_expr() if isinstance(ordered, Sort) else expr)

    def shared(self, one: ir.Table, other: ir.Table) -> tuple[ir.Table, ir.Table]:
        """Return two expressions with what both work out kept, where the engine can keep it.

        Raises TookTooLong.
        """
        if not self.engine.keeps:
            return one, other
        tables = {node: self._table_of(node.to_expr()) for node in in_common(one, other)}
        return with_tables(one, tables), with_tables(other, tables)

    def value(self, expr: ir.Scalar) -> Any:
        """Return the one value of a scalar expression; raises TookTooLong."""
        with self._bounded():
            return self.engine.backend.to_pyarrow(expr).as_py()

    def close(self) -> None:
        """Give the engine's memory and connections back."""
        self.engine.backend.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _table_of(self, expr: ir.Table) -> ir.Table:
        with self._bounded():
            name = f"kept_{uuid.uuid4().hex}"
            table: ir.Table = self.engine.backend.create_table(name, expr, temp=True)
        return table

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Stop the engine after the allowed time, where it can be stopped from outside."""
        interrupt = self.engine.interrupt
        if interrupt is None:
            yield
            return
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            interrupt()

        timer = threading.Timer(self.timeout_seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Exception as error:
            if stopped.is_set():
                raise TookTooLong(f"stopped after {self.timeout_seconds} s") from error
            raise
        finally:
            timer.cancel()


def within(scope: Scope, contract: TableContract, table: ir.Table) -> ir.Table:
    """Return `table` with the rows and the columns that `scope` may see.

    A contract without organisation columns (products, the organisation itself) keeps its rows.
    """
    seen = [
        name
        for name, column in contract.columns.items()
        if column.field_class in scope.classes and name in table.columns
    ]
    if contract.is_scoped and not scope.all:
        table = table.filter(_belongs(table, scope))
    return table.select(*seen)


def _belongs(table: ir.Table, scope: Scope) -> ir.BooleanValue:
    belongs = ibis.literal(False)
    if scope.nodes:
        belongs = belongs | table.org_node_id.isin(scope.nodes)
    if scope.owner_id is not None:
        own = (table.owner_id == scope.owner_id).fill_null(False)
        if scope.own_nodes:
            own = own & table.org_node_id.isin(scope.own_nodes)
        belongs = belongs | own
    return belongs
