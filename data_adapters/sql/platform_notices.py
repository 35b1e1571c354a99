"""The outbox as other desks' courier sees it: statements to platforms only, and of each order only the oldest that has not arrived yet,
so that no desk hears of a step before the one that went before it."""

from collections.abc import Mapping

from sqlalchemy import text

from data_adapters.sql.notice_repository import NOTICE, UNSURE, NoticeRepository, notice_of
from domain.event_time import to_datetime
from services.appeal_telling import CHANNEL, PREFIX
from services.notice_ports import Notice

CLAIM = text(f"""
    UPDATE outbox SET state = 'sending', claimed_until = :until, attempts = attempts + 1 WHERE notice_id IN (
        SELECT notice_id FROM outbox o WHERE state = 'waiting' AND due_at <= :now AND channel = '{CHANNEL}' AND NOT EXISTS (
            SELECT FROM outbox e WHERE e.thing = o.thing AND e.channel = o.channel AND e.state IN ('waiting', 'sending')
                AND (e.created_at, e.notice_id) < (o.created_at, o.notice_id))
        ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING {NOTICE}""")


class PlatformNotices(NoticeRepository):
    """The NoticeStore port for the courier of other desks."""

    def claim(self, now: int, until: int, most: int) -> list[Notice]:
        moments = {"now": to_datetime(now), "until": to_datetime(until), "most": most}
        with self._engine.begin() as tx:
            tx.execute(text(UNSURE), moments)
            return [notice_of(row) for row in tx.execute(CLAIM, moments)]

    def addresses(self, username: str) -> Mapping[str, str]:
        """A platform is reached by the name of its feed."""
        return {CHANNEL: username.removeprefix(PREFIX)}
