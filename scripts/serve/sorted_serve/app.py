"""The HTTP routes of docs/server-api.md, over models in this process or on Ray."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from .bad_input import BadInput
from .guards import Guards, guard
from .requests import CompletionRequest, ForcedRequest, KlRequest, SpeedRequest, read_body
from .sub_models import SubModel, SubModels

GONE_SECONDS = 0.25  # how often it is seen whether a client has gone


class Model(Protocol):
    """A ModelServer, or the deployment of one."""

    async def describe(self) -> dict: ...
    async def load(self) -> dict: ...
    async def complete(self, request: CompletionRequest, exit: int) -> dict: ...
    async def loglikelihood(self, request: ForcedRequest, exits: list[int]) -> dict: ...
    def reference(self, request: KlRequest, exit: int) -> Awaitable: ...
    async def kl(self, request: KlRequest, exits: list[int], reference) -> dict: ...
    async def speed(self, request: SpeedRequest, exit: int) -> dict: ...


@dataclass
class Serving:
    """What the routes work with."""

    models: Mapping[str, Model]
    guards: Guards
    is_ending: bool = False
    _sub_models: SubModels | None = field(default=None, repr=False)

    async def sub_models(self) -> SubModels:
        if self._sub_models is None:
            described = {name: await model.describe() for name, model in self.models.items()}
            self._sub_models = SubModels(described)
        return self._sub_models


def create_app(serving: Serving) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.state.serving = serving
    guard(app, serving)
    add_state_routes(app, serving)
    add_model_routes(app, serving)
    add_completion_route(app, serving)
    add_forced_routes(app, serving)
    add_speed_route(app, serving)
    return app


def add_state_routes(app: FastAPI, serving: Serving) -> None:
    @app.get("/health")
    async def health():
        loads = [await model.load() for model in serving.models.values()]
        total = {key: sum(load[key] for load in loads) for key in ("running", "waiting")}
        status = "ending" if serving.is_ending else "ok"
        return JSONResponse({"status": status} | total, 503 if serving.is_ending else 200)

    @app.get("/ready")
    async def ready():
        """200 once every model has its weights, until the server ends."""
        await serving.sub_models()
        status = "ending" if serving.is_ending else "ready"
        return JSONResponse({"status": status}, 503 if serving.is_ending else 200)


def add_model_routes(app: FastAPI, serving: Serving) -> None:
    @app.get("/v1/models")
    async def models():
        return {"object": "list", "data": (await serving.sub_models()).described}

    @app.get("/v1/models/{name:path}")
    async def model(name: str):
        return (await serving.sub_models()).find(name).described


def add_completion_route(app: FastAPI, serving: Serving) -> None:
    @app.post("/v1/completions")
    async def completions(http: Request):
        request = read_body(CompletionRequest, await http.body())
        sub_model = (await serving.sub_models()).find(request.model)
        answer = await until_gone(http, serving.models[sub_model.name].complete(request, sub_model.exit))
        head = {"id": f"cmpl-{uuid.uuid4()}", "object": "text_completion", "created": int(time.time())}
        return head | {"model": request.model} | answer


def add_forced_routes(app: FastAPI, serving: Serving) -> None:
    @app.post("/v1/sorted/loglikelihood")
    async def loglikelihood(http: Request):
        request = read_body(ForcedRequest, await http.body())
        sub_model, exits = await _with_exits(serving, request)
        values = await until_gone(http, serving.models[sub_model.name].loglikelihood(request, exits))
        return {"object": "sorted.loglikelihood", "model": request.model} | values

    @app.post("/v1/sorted/kl")
    async def kl(http: Request):
        request = read_body(KlRequest, await http.body())
        sub_model, exits = await _with_exits(serving, request)
        other = (await serving.sub_models()).find(request.reference, "reference")
        values = await until_gone(http, _divergence(serving, request, sub_model, exits, other))
        return {"object": "sorted.kl", "model": request.model, "reference": request.reference} | values


def add_speed_route(app: FastAPI, serving: Serving) -> None:
    @app.post("/v1/sorted/speed")
    async def speed(http: Request):
        request = read_body(SpeedRequest, await http.body())
        sub_model = (await serving.sub_models()).find(request.model)
        values = await until_gone(http, serving.models[sub_model.name].speed(request, sub_model.exit))
        return {"object": "sorted.speed", "model": request.model} | values


async def _with_exits(serving: Serving, request: ForcedRequest) -> tuple[SubModel, list[int]]:
    sub_models = await serving.sub_models()
    return sub_models.find(request.model), sub_models.exits_of(request.model, request.exits)


async def _divergence(serving: Serving, request: KlRequest, sub_model: SubModel, exits: list[int], other: SubModel) -> dict:
    reference = serving.models[other.name].reference(request, other.exit)
    return await serving.models[sub_model.name].kl(request, exits, await reference)


async def until_gone(http: Request, work: Awaitable[dict]) -> dict:
    """A client that goes away ends its request."""
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait([task], timeout=GONE_SECONDS))[0]:
            if await http.is_disconnected():
                raise BadInput("the client has gone", code="client_gone", status=503)
        return task.result()
    finally:
        task.cancel()
