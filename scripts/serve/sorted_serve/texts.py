"""Texts and tokens."""

from transformers import PreTrainedTokenizerBase

TOKENS_BEFORE = 8  # a token's text depends on those before it: on spaces, and on the bytes of a character

# What JavaScript trims, as the harness does with its own judges.
WHITE_SPACE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def encode(tokenizer: PreTrainedTokenizerBase, text: str, is_continuation: bool = False) -> list[int]:
    """What looks like a special token in a text is spelled out; a continuation gets no `<s>` before it."""
    return tokenizer(text, add_special_tokens=not is_continuation, split_special_tokens=True)["input_ids"]


def decode(tokenizer: PreTrainedTokenizerBase, ids: list[int]) -> str:
    return tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)


def cut_at_stop(text: str, stops: list[str]) -> str:
    places = [place for stop in stops if (place := text.find(stop)) >= 0]
    return text[: min(places)] if places else text


def is_first_line_over(text: str) -> bool:
    """A line break after anything else; white space before that ends no line."""
    return "\n" in text.lstrip(WHITE_SPACE)


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
