"""Log-probabilities of tokens as OpenAI's /completions has them."""

from transformers import PreTrainedTokenizerBase

from .sequences import TokenLogprob
from .texts import token_text


def completion_logprobs(
    tokenizer: PreTrainedTokenizerBase, before: list[int], ids: list[int], scores: list[TokenLogprob | None]
) -> dict:
    """scores: one for each of ids; None for a prompt's first token, which nothing predicts."""
    offset, every = 0, [*before, *ids]
    shown = {"tokens": [], "token_logprobs": [], "top_logprobs": [], "text_offset": []}
    for place, (token, score) in enumerate(zip(ids, scores, strict=True), start=len(before)):
        name, units = token_text(tokenizer, every[:place], token)
        shown["tokens"].append(name)
        shown["token_logprobs"].append(score and score.logprob)
        shown["top_logprobs"].append(score and _top(tokenizer, every[:place], score))
        shown["text_offset"].append(offset)
        offset += units
    return shown


def _top(tokenizer: PreTrainedTokenizerBase, before: list[int], score: TokenLogprob) -> dict[str, float]:
    """The most likely tokens and the token itself. Of several with one text, the most likely one."""
    best: dict[str, float] = {}
    for token, value in [*score.top, (score.id, score.logprob)]:
        best.setdefault(token_text(tokenizer, before, token)[0], value)
    return best
