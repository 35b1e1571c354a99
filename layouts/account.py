"""Everybody's own account `/account`: the password, the browsers that are signed in, API tokens. Plain HTML: phones open it too."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from domain.access import TOKEN_SCOPES, Actor
from domain.metrics import DOMAINS
from domain.sign_in import Policy
from layouts.admin import bar
from layouts.marks import loading
from layouts.words import Words
from services.account_ports import Session

REASONS = ("old", "same", "length", "kinds", "username", "printable", "repeat", "wait", "failed")
"""Why a new password wasn't taken: codes of the API, and what account.js finds itself."""
DAYS = 90


def build(words: Words, city: Mapping[str, Any], actor: Actor, policy: Policy) -> Component:
    """The page; somebody whose password must be changed sees nothing else."""
    sections = [_password(words, actor, policy)]
    if not actor.must_change:
        sections.append(_section(words, "sessions", html.Div(loading(words), id={"type": "own", "list": "sessions"}), _everywhere(words)))
        if actor.may("give_instruction"):
            sections.append(_portfolio(words))
        if actor.may("make_token"):
            sections.append(_section(words, "tokens", *_tokens(words, policy)))
    return html.Main(
        [bar(words, city, "account", actor), html.Div(sections, className="account-cards", **{"data-scroll": "y"})],
        className="face face-account",
        **{"data-face": "account", "data-lang": words.lang},
    )


def _password(words: Words, actor: Actor, policy: Policy) -> html.Section:
    values = {"shortest": policy.shortest, "kinds": policy.kinds}
    texts = {f"data-text-{reason}": words(f"password.{reason}", **(values if reason in ("length", "kinds") else {})) for reason in REASONS}
    must = [html.P(words("password.must"), className="account-must", role="alert")] if actor.must_change else []
    rule = html.P(words("password.rule", **values), className="panel-note account-rule")
    fields = [
        _field(words, name, complete)
        for name, complete in (("old", "current-password"), ("new", "new-password"), ("again", "new-password"))
    ]
    button = html.Button(words("password.change"), className="button button-main", **{"data-password": "submit"})
    told = html.P("", className="login-error", role="alert", **{"data-password": "error"})
    form = html.Div(
        [*must, rule, *fields, told, button],
        className="account-form",
        **{"data-password": "form", "data-text-done": words("password.done"), **texts},
    )
    return _section(words, "password", form)


def _field(words: Words, name: str, complete: str) -> html.Label:
    field = dcc.Input(id=f"password-{name}", type="password", autoComplete=complete, className="field", maxLength=256)
    return html.Label([html.Span(words(f"password.field_{name}")), field], htmlFor=f"password-{name}")


def _everywhere(words: Words) -> html.Button:
    return html.Button(words("session.everywhere"), className="button", **{"data-sign-out-everywhere": f"/login?lang={words.lang}"})


def _portfolio(words: Words) -> html.Section:
    """What a leader answers for: nothing ticked means all of them."""
    domains = [{"label": words(f"domain.{name}"), "value": name} for name in DOMAINS]
    fields = [
        html.Fieldset(
            [
                html.Legend(words(f"portfolio.{name}")),
                dcc.Checklist(id=portfolio_field(name), options=options, value=[], className="ticks"),
            ],
            className="portfolio-field",
            **{"data-scroll": "y"},
        )
        for name, options in (("domains", domains), ("regions", []))
    ]
    button = html.Button(words("portfolio.save"), id={"type": "portfolio-save"}, className="button button-main", n_clicks=0)
    said = html.P("", id={"type": "portfolio-said"}, role="status", **{"aria-live": "polite"})
    note = html.P(words("portfolio.note"), className="panel-note account-rule")
    return _section(words, "portfolio", html.Div([note, *fields, button, said], className="account-form"))


def portfolio_field(name: str) -> dict[str, str]:
    """The id of `domains` or `regions`."""
    return {"type": "portfolio", "field": name}


def _tokens(words: Words, policy: Policy) -> list[Any]:
    label = dcc.Input(id={"type": "token", "field": "label"}, className="field", maxLength=64, placeholder=words("token.label"), value="")
    days = dcc.Input(
        id={"type": "token", "field": "days"},
        type="number",
        className="field",
        min=1,
        max=policy.token_days,
        step=1,
        value=min(DAYS, policy.token_days),
    )
    choices = [{"label": words(f"token.scope_{scope}"), "value": scope} for scope in TOKEN_SCOPES]
    scope = dcc.RadioItems(id={"type": "token", "field": "scope"}, options=choices, value="read", className="token-scopes")
    button = html.Button(words("token.make"), id={"type": "token-make"}, className="button button-main", n_clicks=0)
    form = html.Div(
        [
            html.Label([html.Span(words("token.label")), label]),
            html.Label([html.Span(words("token.days", longest=policy.token_days)), days]),
            html.Fieldset([html.Legend(words("token.scope")), scope]),
            button,
        ],
        className="account-form",
    )
    made = html.Div(id={"type": "token-made"}, role="status", **{"aria-live": "polite"})
    return [form, made, html.Div(loading(words), id={"type": "own", "list": "tokens"})]


def sessions(words: Words, held: Sequence[Session], here: str) -> Any:
    """The own browsers; `here` is the token_id of the one that looks."""
    return [_line(words, one, _browser(words, one, one.token_id == here), "session") for one in held]


def tokens(words: Words, held: Sequence[Session]) -> Any:
    """The own tokens, or that there are none."""
    if not held:
        return html.Div(words("token.none"), className="state")
    return [_line(words, one, _token(words, one), "token") for one in held]


def made(words: Words, token: str) -> Component:
    """A new token, shown this once."""
    copy = dcc.Clipboard(content=token, title=words("admin.copy"), className="button button-quiet")
    return html.Div(
        [html.P(words("token.once")), html.Div([html.Code(token, className="secret"), copy], className="secret-line")],
        className="account-made",
    )


def refused(text: str) -> Component:
    """Why nothing was made."""
    return html.P(text, className="login-error")


def _browser(words: Words, one: Session, is_here: bool) -> list[Any]:
    seen = words("session.here") if is_here else words("session.seen", at=words.day_clock(one.last_seen_at))
    return [html.Strong(one.address or words("session.web")), html.Span(seen), html.Span(one.agent, className="agent")]


def _token(words: Words, one: Session) -> list[Any]:
    until = words("token.until", at=words.day_clock(one.expires_at)) if one.expires_at else ""
    seen = words("session.seen", at=words.day_clock(one.last_seen_at))
    return [html.Strong(one.label), html.Span(words(f"token.scope_{one.scope}")), html.Span(f"{seen} · {until}")]


def _line(words: Words, one: Session, about: list[Any], kind: str) -> html.Div:
    text = words("session.end" if kind == "session" else "token.revoke")
    button = html.Button(text, id={"type": "own-end", "kind": kind, "session": one.token_id}, className="button button-quiet", n_clicks=0)
    return html.Div([html.Div(about), button], className="session-line")


def _section(words: Words, name: str, *children: Any) -> html.Section:
    return html.Section(
        [html.H2(words(f"account.{name}"), className="panel-title"), *children],
        className=f"panel account-{name}",
        **{"data-panel": f"account-{name}"},
    )
