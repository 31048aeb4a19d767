"""Who may ask, and how much at once; and every error in OpenAI's form."""

import hashlib
import hmac
import logging
import re
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from .bad_input import BadInput

OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Guards:
    key: str | None = None
    max_body_bytes: int = 4_096_000
    is_local: bool = True  # no other machine reaches the server


class GuardedApp:
    """Stands before the routes. What it does not need of a connection passes through, as that a client has gone."""

    def __init__(self, app: ASGIApp, serving):
        self._app, self._serving = app, serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        try:
            request = Request(scope, receive)
            _check(request, self._serving)
            body = await _read_body(request, self._serving.guards.max_body_bytes) if request.method == "POST" else None
        except ClientDisconnect:
            return
        except BadInput as error:
            return await JSONResponse(error.body, error.status)(scope, receive, send)
        await self._app(scope, receive if body is None else _after(body, receive), send)


def guard(app: FastAPI, serving) -> None:
    app.add_middleware(GuardedApp, serving=serving)

    @app.exception_handler(BadInput)
    async def bad_input(_: Request, error: BadInput):
        return JSONResponse(error.body, error.status)

    @app.exception_handler(HTTPException)
    async def no_route(request: Request, _: HTTPException):
        message = f"expected a path of this server (see docs/server-api.md), found {request.method} {request.url.path}"
        return JSONResponse(BadInput(message, code="not_found").body, 404)

    @app.exception_handler(Exception)
    async def bug(_: Request, error: Exception):
        logging.getLogger("sorted_serve").error("a request failed", exc_info=error)
        message = "the server failed; its terminal has the reason"
        return JSONResponse(BadInput(message, code="internal_error", status=500).body, 500)


def _check(request: Request, serving) -> None:
    guards = serving.guards
    if guards.is_local:
        _require_own_name(request.headers.get("host", ""))
    if not request.url.path.startswith("/v1/"):
        return
    if guards.key is not None:
        _require_key(request.headers.get("authorization", ""), guards.key)
    if serving.is_ending:
        raise BadInput("the server is ending; it takes no new requests", code="ending", status=503)


def _require_own_name(host: str) -> None:
    """A page of another site can make its own name point to this machine; then its requests come under that name."""
    if re.sub(r":\d+$", "", host) not in OWN_NAMES:
        raise BadInput(f"host: expected {', '.join(OWN_NAMES)}, found {ascii(host[:100])}", code="foreign_host", status=403)


def _require_key(given: str, key: str) -> None:
    digests = [hashlib.sha256(text.encode()).digest() for text in (given, f"Bearer {key}")]
    if not hmac.compare_digest(*digests):
        message = "authorization: expected `Bearer` and the key of this server, found another or none"
        raise BadInput(message, code="invalid_api_key", status=401)


async def _read_body(request: Request, most: int) -> bytes:
    """A web page can send other types to any server without being asked whether it may."""
    kind = request.headers.get("content-type", "")
    if not re.match(r"application/json\b", kind, re.IGNORECASE):
        message = f"content-type: expected application/json, found {ascii(kind[:100])}"
        raise BadInput(message, code="unsupported_media_type", status=415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise BadInput(f"body: expected at most {most} bytes, found more", code="body_too_long", status=413)
    return bytes(body)


def _after(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, then what comes next."""
    given = []

    async def next_message():
        if given:
            return await receive()
        given.append(True)
        return {"type": "http.request", "body": body, "more_body": False}

    return next_message
