"""The agent's database: SQLite behind a pool of a few connections, and a full-text search in it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import ExitStack, contextmanager
from queue import Empty, LifoQueue
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from exporter import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LIMIT = 4
_PATIENCE = 5.0
_USUAL, _SLOW = 0.002, 2.0
_ORDERS = 499
_ARTICLES = (
    ("Deliveries", "parcel shipping deliver tracking monday when arrives"),
    ("Returns", "return refund money back shoes sent size wrong exchange"),
    ("Payments", "charged twice month card billing pay invoice"),
    ("Accounts", "sign password account change reset cannot"),
    ("Sizes", "tent size fit people product three"),
)


class PoolTimeoutError(Exception):
    """No connection was free in time."""


class Database:
    """Orders and articles, and a pool of connections.

    Args:
        is_slow: Whether every query takes much longer now.

    Attributes:
        limit: Connections there are.

    """

    def __init__(self, is_slow: Callable[[], bool] = lambda: False) -> None:
        self._is_slow = is_slow
        self.limit = _LIMIT
        self._free: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._waiting, self._lock, self._ending = 0, Lock(), Event()
        for _ in range(_LIMIT):
            self._free.put(_filled())

    def order(self, number: int) -> str | None:
        """What is known of an order.

        Raises:
            PoolTimeoutError: No connection was free in time.

        """
        query = "select state from orders where number = ?"
        found = self._rows("select_order", query, number)
        return found[0][0] if found else None

    def articles(self, text: str) -> list[str]:
        """Titles of articles of the knowledge base that hold words of a text.

        Raises:
            PoolTimeoutError: No connection was free in time.

        """
        words = re.findall(r"[a-z]{4,}", text.lower())
        query = "select title from articles where articles match ? order by rank limit 3"
        try:
            found = self._rows("search_articles", query, " OR ".join(words)) if words else []
        except PoolTimeoutError:
            metrics.knowledge_base_lookup("error")
            raise
        metrics.knowledge_base_lookup("hit" if found else "miss")
        return [title for (title,) in found]

    def is_up(self) -> bool:
        """A health check."""
        try:
            return self._rows("ping", "select 1") == [(1,)]
        except PoolTimeoutError:
            return False

    def report(self) -> None:
        """Tell how the pool does."""
        idle = self._free.qsize()
        metrics.database_pool(
            in_use=self.limit - idle, idle=idle, limit=self.limit, waiting=self._waiting
        )

    def end_waits(self) -> None:
        """Be fast from now on: nobody wants to wait for a slow database at the end."""
        self._ending.set()

    def close(self) -> None:
        """Close the connections, once all are back."""
        for _ in range(self.limit):
            self._free.get(timeout=_PATIENCE).close()

    def _rows(self, operation: str, query: str, *values: object) -> list[Any]:
        with self._connection() as connection, metrics.database_query(operation):
            self._ending.wait(_SLOW if self._is_slow() else _USUAL)
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with ExitStack() as waiting:
            self._count_waiting(1)
            waiting.callback(self._count_waiting, -1)
            try:
                connection = self._free.get(timeout=_PATIENCE)
            except Empty:
                metrics.database_error("pool_timeout")
                raise PoolTimeoutError(f"no connection was free within {_PATIENCE:g} s") from None
        try:
            yield connection
        finally:
            self._free.put(connection)

    def _count_waiting(self, more: int) -> None:
        with self._lock:
            self._waiting += more


def _filled() -> sqlite3.Connection:
    """A connection; each has all that there is in memory of its own."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("create table orders (number integer primary key, state text)")
    states = ("packed", "on its way", "delivered")
    rows = [(number, states[number % 3]) for number in range(1, _ORDERS + 1)]
    connection.executemany("insert into orders values (?, ?)", rows)
    connection.execute("create virtual table articles using fts5 (title, words)")
    connection.executemany("insert into articles values (?, ?)", _ARTICLES)
    connection.commit()
    return connection
