"""One holder at a time, over all processes: advisory locks of PostgreSQL, given back by the server when the holder dies."""

import logging
import time

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

log = logging.getLogger("citydeck")
WORKER_LOCK = 0x43_44_10_00
LEADER_LOCK = 0x43_44_20_00


class HeldLock:
    """The lock `key`, on a connection of its own."""

    def __init__(self, engine: Engine, key: int) -> None:
        self._engine, self._key = engine, key
        self._connection: Connection | None = None

    def try_acquire(self) -> bool:
        """Whether we hold it now. A lost connection counts as not held; the next call tries again."""
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": self._key}).scalar():
                self._connection = connection
                return True
            connection.close()
        except DBAPIError as error:
            log.warning("the lock %x is lost: %s", self._key, error.orig)
            self._connection = None
        return False

    def acquire(self, pause_s: float = 0.25) -> None:
        """Wait until we hold it."""
        waited = False
        while not self.try_acquire():
            if not waited:
                log.info("another process holds the lock %x, waiting", self._key)
                waited = True
            time.sleep(pause_s)
