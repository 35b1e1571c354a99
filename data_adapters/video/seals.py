"""Sealed texts for addresses: Fernet (AES-128-CBC and HMAC-SHA256, of the `cryptography` library) under a secret of this instance."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Engine, text

KEY_BYTES = 32


class SqlSecret:
    """A secret that all web workers of the instance share; made when it is first asked for."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def __call__(self) -> bytes:
        """KEY_BYTES random bytes, the same each time."""
        with self._engine.begin() as tx:
            made = {"name": self._name, "secret": secrets.token_bytes(KEY_BYTES)}
            tx.execute(text("INSERT INTO instance_secrets VALUES (:name, :secret) ON CONFLICT DO NOTHING"), made)
            return bytes(tx.execute(text("SELECT secret FROM instance_secrets WHERE name = :name"), made).scalar_one())


class FernetSeal:
    """The Seal port. `secret` is asked for once, at the first seal."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._secret = secret

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._secret()))

    def seal(self, facts: Mapping[str, Any], until: int) -> str:
        """See Seal."""
        content = json.dumps({**facts, "until": until}, separators=(",", ":"))
        return self._fernet.encrypt(content.encode()).decode().rstrip("=")

    def unseal(self, text: str, now: int) -> Mapping[str, Any] | None:
        """See Seal."""
        try:
            facts = json.loads(self._fernet.decrypt(text + "=" * (-len(text) % 4)))
        except (InvalidToken, ValueError):
            return None
        return facts if now < facts["until"] else None
