"""What a request's `model` may name: `soft@12`, or `soft` for its deepest exit."""

import json
from dataclasses import dataclass

from .bad_input import BadInput


@dataclass(frozen=True)
class SubModel:
    id: str
    name: str
    exit: int
    described: dict


class SubModels:
    def __init__(self, models: dict[str, dict]):
        """models: by name what each says about itself."""
        listed = [one for name, model in models.items() for one in _sub_models(name, model)]
        self._by_id = {one.id: one for one in listed}

    @property
    def described(self) -> list[dict]:
        return [one.described for one in self._by_id.values()]

    def find(self, id: str, key: str = "model") -> SubModel:
        """Raises BadInput, 404."""
        if id not in self._by_id:
            message = f"{key}: expected one of {', '.join(self._by_id)}, found {json.dumps(id[:200])}"
            raise BadInput(message, key, "model_not_found", 404)
        return self._by_id[id]

    def exits_of(self, id: str, wanted: list[int] | None) -> list[int]:
        """Those of a sub-model, or all of a model that is named without one; `wanted` chooses some of a model's."""
        found = self.find(id)
        own = found.described["exits"] if found.id == found.name else [found.exit]
        unknown = [exit for exit in wanted or [] if exit not in own]
        if unknown:
            raise BadInput(f"exits: expected some of {own}, found {unknown[0]}", "exits")
        return sorted(set(wanted)) if wanted else own


def _sub_models(name: str, model: dict) -> list[SubModel]:
    ids = [(f"{name}@{exit}", exit) for exit in model["exits"]] + [(name, model["exits"][-1])]
    return [SubModel(id, name, exit, {"id": id} | model | {"exit": exit}) for id, exit in ids]
