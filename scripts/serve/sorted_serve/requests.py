"""The bodies of requests. An unknown key is an error, and so is a known one at a value that this server has not."""

import json
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from .bad_input import BadInput
from .beams import RULES
from .prompt_parts import Parts

WORDS = {"missing": "expected a value, found none", "extra_forbidden": "expected no key of this name"}
MAX_STOP_TEXTS, MAX_TOP_LOGPROBS, MAX_BEAMS, MAX_REMOVED = 16, 20, 16, 64
PROMPT = "a text, a list of token ids, or a list of these"

TokenId = Annotated[int, Field(ge=0)]
Ids = Annotated[list[TokenId], Field(min_length=1)]
RemovedText = Annotated[str, StringConstraints(min_length=1, max_length=100)]
StopText = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    model: str


class PromptParts(BaseModel):
    """A prompt in which the two shortenable texts may lose their ends."""

    model_config = ConfigDict(extra="forbid", strict=True)
    fixed: Annotated[list[str], Field(min_length=3, max_length=3)]
    shortenable: Annotated[list[str], Field(min_length=2, max_length=2)]
    removed: Annotated[list[RemovedText], Field(max_length=MAX_REMOVED)] = []

    @property
    def parts(self) -> Parts:
        return Parts(tuple(self.fixed), tuple(self.shortenable), tuple(self.removed))


class CompletionRequest(Body):
    prompt: str | Ids | Annotated[list[str], Field(min_length=1)] | Annotated[list[Ids], Field(min_length=1)] | None = None
    prompt_parts: PromptParts | None = None
    max_tokens: Annotated[int, Field(ge=0)] | None = 16
    temperature: float | None = 0  # only 0: the most likely token
    stop: StopText | Annotated[list[StopText], Field(max_length=MAX_STOP_TEXTS)] | None = None
    logprobs: Annotated[int, Field(ge=0, le=MAX_TOP_LOGPROBS)] | None = None
    echo: bool | None = False
    stop_after_first_line: bool | None = False
    return_token_ids: bool | None = False
    num_beams: Annotated[int, Field(ge=1, le=MAX_BEAMS)] | None = 1
    repetition_penalty: Annotated[float, Field(gt=0)] | None = 1.0
    beam_rule: Literal[RULES] | None = RULES[1]
    # Keys of OpenAI's with the one value that means what this server does.
    stream: Literal[False] | None = None
    n: Literal[1] | None = None
    best_of: Literal[1] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None  # without a temperature nothing depends on it
    seed: int | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    suffix: Literal[""] | None = None
    logit_bias: Annotated[dict, Field(max_length=0)] | None = None
    user: str | None = None

    @property
    def most_tokens(self) -> int:
        return 16 if self.max_tokens is None else self.max_tokens

    @property
    def prompts(self) -> list[str | list[int] | Parts]:
        if self.prompt_parts:
            return [self.prompt_parts.parts]
        is_one = isinstance(self.prompt, str) or isinstance(self.prompt[0], int)
        return [self.prompt] if is_one else self.prompt

    @property
    def stop_texts(self) -> list[str]:
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    @property
    def searches_beams(self) -> bool:
        return (self.num_beams or 1) > 1


class ForcedRequest(Body):
    """Given tokens under every exit of a model, or under those that are named."""

    prompt: str | Ids
    continuation: str | Ids
    exits: Annotated[list[int], Field(min_length=1)] | None = None


class KlRequest(ForcedRequest):
    reference: str  # a sub-model
    reference_prompt: str | Ids | None = None  # what the reference reads before them, where that differs
    positions: Annotated[int, Field(ge=1)] | None = None  # of the continuation; default: all


class SpeedRequest(Body):
    """Decoding that is timed: rows that continue the prompt, which is repeated or cut to `prompt_tokens`."""

    prompt: str | Ids
    prompt_tokens: Annotated[int, Field(ge=1)]
    batch_size: Annotated[int, Field(ge=1)]
    steps: Annotated[int, Field(ge=1)]


Request = TypeVar("Request", bound="Body")


def read_body(kind: type[Request], body: bytes) -> Request:
    """Raises BadInput with the first key that is wrong."""
    try:
        request = kind.model_validate(_well_formed(_read_json(body)))
    except ValidationError as error:
        raise _first_problem(error) from None
    if isinstance(request, CompletionRequest):
        _refuse_what_is_not_there(request)
    return request


def _read_json(body: bytes):
    try:
        return json.loads(body)
    except ValueError as error:  # of its encoding, too
        raise BadInput(f"body: expected JSON, found {_one_line(str(error))}", code="not_json") from None


def _well_formed(value):
    """Half of a UTF-16 pair, which JSON can spell, counts as U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_well_formed(one) for one in value]
    return {_well_formed(key): _well_formed(one) for key, one in value.items()} if isinstance(value, dict) else value


def _first_problem(error: ValidationError) -> BadInput:
    first = error.errors(include_url=False)[0]
    place = str(first["loc"][0]) if first["loc"] else None
    if place == "prompt":
        return BadInput(f"prompt: expected {PROMPT}", "prompt")
    said = first["msg"].replace("Input should be", "expected")
    message = WORDS.get(first["type"], f"{_one_line(said)}, found {_one_line(json.dumps(first['input']))}")
    return BadInput(f"{place or 'body'}: {message}", place)


def _refuse_what_is_not_there(request: CompletionRequest) -> None:
    for key in ("temperature", "presence_penalty", "frequency_penalty"):
        if getattr(request, key):
            raise BadInput(f"{key}: expected 0, found {getattr(request, key)}: this server has nothing else", key)
    if request.prompt is None and request.prompt_parts is None:
        raise BadInput(f"prompt: expected {PROMPT}, found none", "prompt")
    if request.prompt is not None and request.prompt_parts is not None:
        raise BadInput("prompt_parts: expected it or `prompt`, found both", "prompt_parts")
    ends_early = request.stop_texts or request.stop_after_first_line
    if request.searches_beams and (request.logprobs is not None or ends_early or request.max_tokens == 0):
        raise BadInput("num_beams: expected 1 with logprobs, stop, stop_after_first_line, or max_tokens 0", "num_beams")
    if not request.searches_beams and request.repetition_penalty not in (None, 1):
        raise BadInput("repetition_penalty: expected 1 without beams", "repetition_penalty")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
