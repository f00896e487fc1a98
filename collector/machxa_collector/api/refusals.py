"""Answer refusals about accounts, people and tokens, and too many requests, as problem documents."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import Response

from machxa_collector.api.accounts import Refusal, Refused
from machxa_collector.api.limits import Held
from machxa_collector.api.problems import problem
from machxa_collector.api.staff import NotThere, Unfit, Unfitting
from machxa_collector.registry.people.passwords import FEWEST_CHARACTERS, MOST_CHARACTERS

_REFUSED = {
    Refusal.WRONG: (403, "login, password or code is wrong"),
    Refusal.PASSWORD_SHORT: (422, f"a password has at least {FEWEST_CHARACTERS} characters"),
    Refusal.PASSWORD_LONG: (422, f"a password has at most {MOST_CHARACTERS} characters"),
    Refusal.PASSWORD_KNOWN: (422, "this password is easily guessed: it is on lists, or made of words of this place"),
    Refusal.CODE_WRONG: (422, "the code is not the one that the authenticator shows now"),
    Refusal.LINK_SPENT: (403, "this was used already, or has expired; begin again"),
    Refusal.NO_ACCOUNT: (409, "this sign-in has no account of its own"),
}
_UNFIT = {
    Unfit.LOGIN_TAKEN: 409,
    Unfit.SCOPE: 422,
    Unfit.BEYOND: 403,
    Unfit.ONESELF: 409,
    Unfit.PERMISSION: 422,
    Unfit.NOT_FIRST: 409,
}


def install(app: FastAPI) -> None:
    """Turn every refusal of this kind into a problem document."""

    @app.exception_handler(Refused)
    def _refused(_request: Request, exc: Refused) -> Response:
        return problem(*_REFUSED[exc.why])

    @app.exception_handler(Unfitting)
    def _unfitting(_request: Request, exc: Unfitting) -> Response:
        return problem(_UNFIT[exc.why], str(exc))

    @app.exception_handler(NotThere)
    def _not_there(_request: Request, _exc: NotThere) -> Response:
        return problem(404, "no such account or token")

    @app.exception_handler(Held)
    def _held(_request: Request, exc: Held) -> Response:
        answer = problem(429, f"too many at once; try again in {exc.seconds} s")
        answer.headers["Retry-After"] = str(exc.seconds)
        return answer
