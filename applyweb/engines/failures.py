"""What went wrong with a model server, as an EngineError that says what to do.

Must not know: any one server's API; whether anybody tries again.
"""

from __future__ import annotations

import re

import httpx

from applyweb.engines.base import EngineError, ErrorCode

_TOO_LONG = re.compile(r"context (?:length|window|size)|maximum (?:context|input)|too long|longer than", re.IGNORECASE)
_SHOWN = 400


def from_transport(who: str, error: httpx.HTTPError | httpx.InvalidURL, *, streamed: bool) -> EngineError:
    """Of an exception that httpx raised. `streamed`: a part of the answer was already given away."""
    detail = brief(str(error) or type(error).__name__)
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return EngineError("not_configured", f"{who} has an address that cannot be used: {detail}")
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return EngineError("timeout", f"{who} did not accept the connection in time.", retryable=True)
    if isinstance(error, httpx.ConnectError):
        return unreachable(who, detail)
    if isinstance(error, httpx.TimeoutException):
        return stalled(who, streamed=streamed)
    return broken_off(who, detail, streamed=streamed)


def unreachable(who: str, detail: str) -> EngineError:
    message = f"{who} cannot be reached ({detail}). Is it running, and is the address right?"
    return EngineError("unreachable", message, retryable=True)


def stalled(who: str, *, streamed: bool) -> EngineError:
    """No sign of life within the time set. Not retryable: a busy server would only get busier."""
    when = "stopped sending in the middle of the answer" if streamed else "did not begin to answer in time"
    return EngineError("timeout", f"{who} {when}. It may be overloaded; try again later.")


def broken_off(who: str, detail: str, *, streamed: bool) -> EngineError:
    when = "in the middle of the answer" if streamed else "before any answer came"
    message = f"The connection to {_inside(who)} broke {when} ({detail}). Apply again."
    return EngineError("interrupted", message, retryable=not streamed)


def from_status(who: str, status: int, detail: str, *, streamed: bool = False) -> EngineError:
    """Of an HTTP status, or of an error event that carries such a number inside a stream."""
    code, hint = _meaning(status, detail)
    again = not streamed and (code in ("not_ready", "server_error"))
    return EngineError(code, f"{who} {hint} ({status}: {brief(detail) or 'no reason given'}).", retryable=again)


def _meaning(status: int, detail: str) -> tuple[ErrorCode, str]:
    if status in (400, 413, 422) and _TOO_LONG.search(detail):
        return (
            "too_long",
            "finds the file and the chat too long for its model; choose a smaller file or a longer context",
        )
    if status in (401, 403):
        return "rejected", "refused the API key"
    if status == 404:
        return "rejected", "does not know this address or model"
    if status in (429, 503):
        return "not_ready", "is still starting or too busy; try again in a moment"
    if 400 <= status < 500:
        return "rejected", "refused the request"
    return "server_error", "failed"


def bad_reply(who: str, what: str) -> EngineError:
    return EngineError("bad_reply", f"{who} sent something that is not its protocol: {what}")


def wrong_model(who: str, found: str, wanted: str) -> EngineError:
    return EngineError(
        "wrong_model",
        f"{who} has the model {found!r}, and {wanted!r} is expected there. Is it another server? Start the right one, "
        "or change APPLYWEB_SGLANG_MODEL.",
    )


def brief(text: str) -> str:
    """One line of bounded length, for a message."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]} …"


def _inside(who: str) -> str:
    """`who` in the middle of a sentence."""
    return who[:1].lower() + who[1:]
