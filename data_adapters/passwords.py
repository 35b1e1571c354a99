"""Passwords, kept as argon2id hashes (RFC 9106).

19 MiB, two passes and one lane are the least that OWASP's password storage cheat sheet takes. A sign-in holds a web worker for
about 20 ms; the heavier profiles of RFC 9106 would hold the live streams of that worker several times as long.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Argon2Passwords:
    """The PasswordHasher port on argon2-cffi."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

    def hash(self, password: str) -> str:
        return self._hasher.hash(password.encode("utf-8", "surrogatepass"))

    def verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password.encode("utf-8", "surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
