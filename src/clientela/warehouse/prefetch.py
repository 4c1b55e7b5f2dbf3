"""The database sends one table while the one before it is written.

One connection reads one snapshot of the database, so tables come one after another; but finding
and sending the rows of a table is the server's work and writing them is ours. A thread reads
ahead, as far as `ROOM` batches, through all tables in their order.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Full, Queue
from typing import Any

import pyarrow as pa

from clientela.tables.contract import TableContract
from clientela.warehouse.pull import Source

ROOM = 8  # batches that wait, each of `pull.BATCH_BYTES`
_END = object()


class _Stopped(BaseException):
    """Nobody wants what was still to be read."""


@dataclass(frozen=True)
class Pull:
    """What one contract's view gives. The rows are read once, before the next pull is asked for."""

    contract: TableContract
    since: int | None  # a watermark; None: all rows
    gone: pa.Table  # row_key; none where all rows come
    _queue: "Queue[Any]"

    @contextmanager
    def rows(self) -> Iterator[pa.RecordBatchReader]:
        """Give the rows as a stream; raises what reading them raised, as itself."""
        failed: list[BaseException] = []
        schema = self.contract.schema.to_pyarrow()
        try:
            yield pa.RecordBatchReader.from_batches(schema, self._batches(failed))
        except Exception as error:
            # Whoever consumed the stream wraps what stopped it in an error of its own.
            raise (failed[0] if failed else error) from error

    def _batches(self, failed: list[BaseException]) -> Iterator[pa.RecordBatch]:
        while (found := self._queue.get()) is not _END:
            if isinstance(found, BaseException):
                failed.append(found)
                raise found
            yield found


@contextmanager
def prefetched(
    source: Source, asked: Sequence[tuple[TableContract, int | None]]
) -> Iterator[Iterator[Pull]]:
    """Give what each contract's view holds since its watermark, in the order asked.

    Until the end of the block the source's connection belongs to the thread that reads.
    """
    queue: Queue[Any] = Queue(ROOM)
    stop = threading.Event()
    reader = threading.Thread(target=_read, args=(source, asked, queue, stop), daemon=True)
    reader.start()
    try:
        yield _pulls(asked, queue)
    finally:
        stop.set()
        reader.join()


def _pulls(
    asked: Sequence[tuple[TableContract, int | None]], queue: "Queue[Any]"
) -> Iterator[Pull]:
    for contract, since in asked:
        gone = queue.get()
        if isinstance(gone, BaseException):
            raise gone
        yield Pull(contract, since, gone, queue)


def _read(
    source: Source,
    asked: Sequence[tuple[TableContract, int | None]],
    queue: "Queue[Any]",
    stop: threading.Event,
) -> None:
    """Put into the queue, of each contract, the keys that went, its batches, and the end."""
    try:
        for contract, since in asked:
            _put(queue, stop, source.gone(contract, since))
            with source.changed(contract, since) as batches:
                for batch in batches:
                    _put(queue, stop, batch)
            _put(queue, stop, _END)
    except _Stopped:
        return
    except BaseException as error:  # it is raised where the rows are used
        with suppress(_Stopped):
            _put(queue, stop, error)


def _put(queue: "Queue[Any]", stop: threading.Event, item: object) -> None:
    while not stop.is_set():
        with suppress(Full):
            queue.put(item, timeout=0.1)
            return
    raise _Stopped
