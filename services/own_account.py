"""What people do with their own account: change the password, see and end sessions, make and revoke API tokens."""

from collections.abc import Sequence

from domain import sign_in
from domain.access import TOKEN_SCOPES, Actor, Forbidden
from services.account_ports import AccountStore, AuditEntry, PasswordHasher, Session
from services.accounts import Accounts, check_password, hash_of, new_session
from services.user_desk import LABEL_LENGTH, NotTaken, found, plain

BOTH = ("web", "token")


class OwnAccount:
    """Everybody's own; nothing here reaches another account."""

    def __init__(self, store: AccountStore, hasher: PasswordHasher, accounts: Accounts) -> None:
        self._store = store
        self._hasher = hasher
        self._accounts = accounts

    def change_password(self, actor: Actor, old: str, new: str, now: int, address: str = "") -> None:
        """Change the own password; every session ends, this one too. Raises SignInFailed, TooManyAttempts, NotTaken."""
        policy = self._accounts.policy
        if flaw := policy.flaw(new, actor.username):
            raise NotTaken(flaw.text, flaw.code)
        check_password(self._store, self._hasher, policy, actor.username, old, now, address)
        if old == new:
            raise NotTaken("the new password is the old one", "same")
        entry = AuditEntry(now, actor.username, "change_password", actor.username, address=address)
        self._store.set_password(actor.username, self._hasher.hash(new), False, entry)
        self._accounts.forget()

    def make_token(self, actor: Actor, label: str, days: int, now: int, address: str = "", scope: str = "all") -> tuple[str, Session]:
        """A token with the actor's own rights, narrowed to `scope`, and its secret, shown this once. Raises Forbidden, NotTaken."""
        if not actor.may("make_token"):
            raise Forbidden("make_token")
        shortest, longest = sign_in.TOKEN_DAYS[0], self._accounts.policy.token_days
        if not plain(label, LABEL_LENGTH):
            raise NotTaken(f"a label has 1 to {LABEL_LENGTH} printable characters", "label")
        if not shortest <= days <= longest:
            raise NotTaken(f"a token lives {shortest} to {longest} days", "days")
        if scope not in TOKEN_SCOPES:
            raise NotTaken(f"a token's scope is one of {', '.join(TOKEN_SCOPES)}", "scope")
        token, session = new_session(actor.username, "token", label, now, now + days * sign_in.DAY, scope=scope)
        detail = {"label": label, "days": days, "scope": scope}
        self._store.open_session(session, AuditEntry(now, actor.username, "make_token", session.token_id, address=address, detail=detail))
        return token, session

    def tokens(self, actor: Actor, at: int) -> Sequence[Session]:
        """The actor's own tokens that count at `at`, newest first."""
        return [session for session in self._store.sessions(actor.username, at) if session.kind == "token"]

    def revoke_token(self, actor: Actor, token_id: str, now: int, address: str = "") -> None:
        """End one of the actor's own tokens. Raises LookupError when there is none of that id."""
        self._end(actor, token_id, "revoke_token", ("token",), now, address)

    def sessions(self, actor: Actor, at: int) -> Sequence[Session]:
        """The browsers that are signed in as the actor at `at`, newest first."""
        return [session for session in self._store.sessions(actor.username, at) if self._accounts.counts(session, actor.roles, at)]

    def end_session(self, actor: Actor, session_id: str, now: int, address: str = "") -> None:
        """Sign one of the actor's own browsers out. Raises LookupError when there is none of that id."""
        self._end(actor, session_id, "end_session", ("web",), now, address)

    def sign_out_everywhere(self, actor: Actor, now: int, address: str = "") -> int:
        """End all browser sessions of the actor, this one too; how many there were. Tokens of programs stay."""
        entry = AuditEntry(now, actor.username, "sign_out_everywhere", actor.username, address=address)
        ended = self._store.close_all(actor.username, ("web",), entry)
        self._accounts.forget()
        return ended

    def is_this(self, session: Session, token: str) -> bool:
        """Whether `token`, the secret of the asking browser, belongs to `session`."""
        return session.session_hash == hash_of(token)

    def _end(self, actor: Actor, session_id: str, action: str, kinds: tuple[str, ...], now: int, address: str) -> None:
        entry = AuditEntry(now, actor.username, action, session_id, address=address)
        found(plain(session_id, LABEL_LENGTH) and self._store.close_one(actor.username, session_id, entry, kinds))
        self._accounts.forget()
