"""What Ray Serve is told. Left out where Ray is not installed: requirements-ray.txt; nothing here starts a cluster."""

import asyncio
import pickle

import pytest
from sorted_serve.bad_input import BadInput
from sorted_serve.guards import Guards
from sorted_serve.settings import ServeSettings

pytest.importorskip("ray.serve")


@pytest.fixture
def deployed():
    """The options of each deployment of an application, by name."""
    from ray.serve._private.build_app import build_app
    from sorted_serve.deployments import application

    def options(**models) -> dict:
        settings = ServeSettings.model_validate({"models": models, "endSeconds": 30})
        built = build_app(application(settings, Guards()), name="test")
        return {one.name: one for one in built.deployments}

    return options


def test_a_replica_gets_the_gpus_and_cpus_of_its_model(deployed):
    made = deployed(soft={"path": "x", "gpus": 1, "cpus": 4, "replicas": 3})["soft"]
    assert made.ray_actor_options.items() >= {"num_cpus": 4, "num_gpus": 1}.items()
    assert made.num_replicas == 3 and made._deployment_config.graceful_shutdown_timeout_s == 30


def test_replicas_follow_the_load_where_the_file_says_so(deployed):
    made = deployed(soft={"path": "x", "autoscaling": {"minReplicas": 2, "maxReplicas": 5}})["soft"]
    scaling = made._deployment_config.autoscaling_config
    assert (scaling.min_replicas, scaling.max_replicas) == (2, 5)


class LostTwice:
    """A handle whose replicas are lost under the first requests."""

    def __init__(self, error: Exception, times: int):
        self.load = self
        self.error, self.left = error, times

    async def remote(self) -> dict:
        if self.left:
            self.left -= 1
            raise self.error
        return {"running": 0}


@pytest.mark.parametrize(("times", "code"), [(2, None), (3, "unavailable")])
def test_a_request_whose_replica_is_lost_is_asked_again_twice(times, code):
    from ray.exceptions import RayActorError
    from sorted_serve.deployments import ReplicatedModel

    model = ReplicatedModel(LostTwice(RayActorError(), times))
    if code is None:
        assert asyncio.run(model.load()) == {"running": 0}
        return
    with pytest.raises(BadInput) as lost:
        asyncio.run(model.load())
    assert (lost.value.status, lost.value.code) == (503, code)


def test_what_a_replica_refuses_reaches_the_client_as_it_was():
    from ray.exceptions import RayTaskError
    from sorted_serve.deployments import as_bad_input

    refusal = pickle.loads(pickle.dumps(BadInput("prompt: too long", "prompt", "context_length_exceeded")))
    wrapped = RayTaskError("complete", "a trace", RayTaskError("reference", "a trace", refusal))
    with pytest.raises(BadInput) as raised, as_bad_input():
        raise wrapped
    assert raised.value.body["error"]["code"] == "context_length_exceeded"


def test_a_cluster_that_is_not_there_is_one_line(monkeypatch, tmp_path, capsys):
    import on_ray
    import ray

    def init(**_):
        raise ConnectionError("no cluster\nat all")

    file = tmp_path / "serve.yaml"
    file.write_text("models: {soft: {path: x}}")
    monkeypatch.setattr(ray, "init", init)
    monkeypatch.setattr("sys.argv", ["on_ray.py", str(file), "--address", "10.0.0.9:6379"])
    assert on_ray.main() == 2
    expected = "Ray: expected a cluster at 10.0.0.9:6379, found none: no cluster at all\n"
    assert capsys.readouterr().err == expected
