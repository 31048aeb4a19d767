"""The YAML file that says what is served. Unknown keys are errors, and paths are relative to the file."""

import os
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from .bad_input import BadCheckpoint
from .batcher import BatchLimits
from .checkpoint import KINDS, CheckpointSettings

Count = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, frozen=True)


class Autoscaling(Section):
    min_replicas: Count = 1  # not 0: /health would wake a model
    max_replicas: Count
    target_ongoing_requests: Annotated[float, Field(gt=0)] = 64


class Limits(Section):
    rows: Count = 64
    cache_tokens: Count = 131_072
    tokens_read: Count = 8192
    waiting: Count = 1024
    wait_seconds: Annotated[float, Field(gt=0)] = 600


class ServedModel(Section):
    path: Path
    kind: Literal[KINDS] | None = None
    exits: list[Count] | None = None
    dtype: Literal["float32", "float16", "bfloat16"] = "float32"
    gpus: Annotated[int, Field(ge=0, le=1)] = 0  # of a replica; on Ray one model lies on one GPU
    cpus: Annotated[float, Field(gt=0)] = 1  # of a replica
    replicas: Count | None = None  # default: 1
    autoscaling: Autoscaling | None = None
    limits: Limits = Limits()

    @model_validator(mode="after")
    def one_way_to_count(self):
        if self.replicas is not None and self.autoscaling is not None:
            raise ValueError("expected replicas or autoscaling, found both")
        return self

    @property
    def checkpoint(self) -> CheckpointSettings:
        exits = None if self.exits is None else tuple(self.exits)
        device = "cuda" if self.gpus else "cpu"
        return CheckpointSettings(self.path, self.kind, exits, self.dtype, device)

    @property
    def batch_limits(self) -> BatchLimits:
        return BatchLimits(**self.limits.model_dump())


class ServeSettings(Section):
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    api_key_env: str | None = None  # NAME of the environment variable with the key that clients need
    max_body_kb: Count = Field(4096, alias="maxBodyKB")
    end_seconds: Annotated[float, Field(gt=0)] = 600  # in which accepted requests are answered at the end
    models: dict[str, ServedModel]
    judges: dict[str, ServedModel] = {}

    @model_validator(mode="after")
    def own_names(self):
        twice = [*(set(self.models) & set(self.judges)), *(name for name in self.all_models if "@" in name)]
        if twice:
            raise ValueError(f"expected names without @ that occur once, found {twice[0]}")
        return self

    @property
    def all_models(self) -> dict[str, ServedModel]:
        return self.models | self.judges

    @property
    def is_local(self) -> bool:
        return self.host in ("127.0.0.1", "localhost", "::1")


def read_settings(file: Path) -> ServeSettings:
    """Raises BadCheckpoint, in one line."""
    try:
        settings = ServeSettings.model_validate(yaml.safe_load(file.read_text()) or {})
    except OSError as error:
        raise BadCheckpoint(f"{file}: expected a YAML file: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise BadCheckpoint(f"{file}: expected YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(key) for key in first["loc"])
        raise BadCheckpoint(f"{file}: {place}: {first['msg']}, found {first['input']!r}") from None
    return settings.model_copy(update={key: _resolved(getattr(settings, key), file) for key in ("models", "judges")})


def read_key(name: str | None) -> str | None:
    """Raises BadCheckpoint where the variable is not set."""
    if name is None:
        return None
    if not os.environ.get(name):
        raise BadCheckpoint(f"apiKeyEnv: expected a key in the environment variable {name}, found none")
    return os.environ[name]


def _resolved(models: dict[str, ServedModel], file: Path) -> dict[str, ServedModel]:
    folder = file.resolve().parent
    return {name: model.model_copy(update={"path": folder / model.path}) for name, model in models.items()}
