"""Texts and tokens."""

from transformers import PreTrainedTokenizerBase

TOKENS_BEFORE = 8  # a token's text depends on those before it: on spaces, and on the bytes of a character


def encode(tokenizer: PreTrainedTokenizerBase, text: str, is_continuation: bool = False) -> list[int]:
    """What looks like a special token in a text is spelled out; a continuation gets no `<s>` before it."""
    return tokenizer(text, add_special_tokens=not is_continuation, split_special_tokens=True)["input_ids"]


def decode(tokenizer: PreTrainedTokenizerBase, ids: list[int]) -> str:
    return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def cut_at_stop(text: str, stops: list[str]) -> str:
    places = [place for stop in stops if (place := text.find(stop)) >= 0]
    return text[: min(places)] if places else text


def token_text(tokenizer: PreTrainedTokenizerBase, before: list[int], token: int) -> tuple[str, int]:
    """A token's name and the UTF-16 units that it adds to the text of those before it.

    Special tokens and all but the last of several that make one character add nothing; their names are those of the
    vocabulary.
    """
    context = before[-TOKENS_BEFORE:]
    earlier, later = (decode(tokenizer, ids).rstrip("�") for ids in (context, [*context, token]))
    added = later[len(earlier) :] if later.startswith(earlier) else decode(tokenizer, [token])
    return (added, utf16_units(added)) if added else (tokenizer.convert_ids_to_tokens(token), 0)


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
