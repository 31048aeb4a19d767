"""The server as a Ray Serve application: one deployment for each model, and one that answers HTTP."""

import contextlib
from collections.abc import Iterator

from ray import serve
from ray.exceptions import RayActorError, RayTaskError
from ray.serve import Application
from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError
from ray.serve.handle import DeploymentHandle

from .app import Serving, create_app
from .bad_input import BadInput
from .guards import Guards
from .model_server import ModelServer
from .settings import ServedModel, ServeSettings

INGRESS_CPUS = 0.1
TRIES = 3  # replicas that may be lost under a request; an answer depends on nothing but its request


class ReplicatedModel:
    """What the routes ask: any replica of a model's deployment."""

    def __init__(self, handle: DeploymentHandle):
        self._handle = handle

    async def describe(self) -> dict:
        return await self._ask("describe")

    async def load(self) -> dict:
        return await self._ask("load")

    async def complete(self, request, exit: int) -> dict:
        return await self._ask("complete", request, exit)

    async def loglikelihood(self, request, exits: list[int]) -> dict:
        return await self._ask("loglikelihood", request, exits)

    async def reference(self, request, exit: int):
        """Not awaited: the array goes from replica to replica, not through the one that answers HTTP."""
        return self._handle.reference.remote(request, exit)

    async def kl(self, request, exits: list[int], reference) -> dict:
        return await self._ask("kl", request, exits, reference)

    async def speed(self, request, exit: int) -> dict:
        return await self._ask("speed", request, exit)

    async def _ask(self, method: str, *args) -> dict:
        for tries in range(1, TRIES + 1):
            with as_bad_input():
                try:
                    return await getattr(self._handle, method).remote(*args)
                except RayActorError:
                    if tries == TRIES:
                        raise


@contextlib.contextmanager
def as_bad_input() -> Iterator[None]:
    """What a replica raised comes wrapped, that of a reference twice."""
    try:
        yield
    except RayTaskError as error:
        cause = error
        while isinstance(cause, RayTaskError):
            cause = cause.cause
        raise (cause if isinstance(cause, BadInput) else error) from None
    except BackPressureError:
        raise BadInput("expected fewer waiting requests", code="rate_limit_exceeded", status=429) from None
    except (DeploymentUnavailableError, RayActorError):
        raise BadInput("the model has no replica that works", code="unavailable", status=503) from None


class Ingress:
    """Answers HTTP. It holds no weights, so it may run on every node."""

    def __init__(self, guards: Guards, **handles: DeploymentHandle):
        self._serving = Serving({name: ReplicatedModel(handle) for name, handle in handles.items()}, guards)

    def __serve_build_asgi_app__(self):
        return create_app(self._serving)


def application(settings: ServeSettings, guards: Guards) -> Application:
    models = {name: _deployment(name, model, settings) for name, model in settings.all_models.items()}
    ingress = serve.deployment(
        serve.ingress()(Ingress),
        name="http",
        max_ongoing_requests=10_000,
        ray_actor_options={"num_cpus": INGRESS_CPUS},
        graceful_shutdown_timeout_s=settings.end_seconds,
    )
    return ingress.bind(guards, **models)


def _deployment(name: str, model: ServedModel, settings: ServeSettings) -> Application:
    scaling = (
        {"autoscaling_config": model.autoscaling.model_dump()} if model.autoscaling else {"num_replicas": model.replicas or 1}
    )
    deployment = serve.deployment(
        ModelServer,
        name=name,
        max_ongoing_requests=model.limits.waiting,
        max_queued_requests=model.limits.waiting,
        ray_actor_options={"num_cpus": model.cpus, "num_gpus": model.gpus},
        graceful_shutdown_timeout_s=settings.end_seconds,
        health_check_period_s=10,
        **scaling,
    )
    return deployment.bind(name, model.checkpoint, model.batch_limits, _threads(model))


def _threads(model: ServedModel) -> int:
    """PyTorch would take all cores of the machine for each replica."""
    return max(1, int(model.cpus))
