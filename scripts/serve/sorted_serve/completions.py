"""An answer of the model as a choice of /v1/completions."""

from transformers import PreTrainedTokenizerBase

from .logprobs import completion_logprobs
from .prompt_parts import Parts
from .requests import CompletionRequest
from .sequences import Answered, TokenLogprob
from .texts import cut_at_stop, decode

FINISH_REASONS = {"eos": "stop", "stop-text": "stop", "token-limit": "length", "context-end": "length"}


def completion_choice(
    tokenizer: PreTrainedTokenizerBase,
    request: CompletionRequest,
    index: int,
    prompt: list[int],
    answer: Answered,
    echoed: list[TokenLogprob | None],
) -> dict:
    text = cut_at_stop(decode(tokenizer, answer.token_ids), request.stop_texts)
    choice = {
        "index": index,
        "text": _prompt_text(tokenizer, request.prompts[index], prompt) + text if request.echo else text,
        "logprobs": None if request.logprobs is None else _logprobs(tokenizer, prompt, answer, echoed),
        "finish_reason": FINISH_REASONS[answer.stop_reason],
        "stop_reason": answer.stop_reason,
    }
    if request.return_token_ids:
        choice |= {"prompt_token_ids": prompt, "token_ids": answer.token_ids}
    return choice


def usage_of(prompts: list[list[int]], answers: list[Answered]) -> dict:
    """Tokens of all prompts of a request."""
    read, written = sum(map(len, prompts)), sum(len(answer.token_ids) for answer in answers)
    details = {"cached_tokens": 0}
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written, "prompt_tokens_details": details}


def _prompt_text(tokenizer: PreTrainedTokenizerBase, given: str | list[int] | Parts, prompt: list[int]) -> str:
    return given if isinstance(given, str) else decode(tokenizer, prompt)


def _logprobs(tokenizer: PreTrainedTokenizerBase, prompt: list[int], answer: Answered, echoed: list) -> dict:
    if echoed:
        return completion_logprobs(tokenizer, [], [*prompt, *answer.token_ids], [*echoed, *answer.logprobs])
    return completion_logprobs(tokenizer, prompt, answer.token_ids, answer.logprobs)
