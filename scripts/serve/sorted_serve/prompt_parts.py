"""A prompt in which two texts lose their ends where the whole leaves too little room for the answer.

The rule is that of src/data/truncate-prompt.ts, with which the harness shortens the prompts of its own judges.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

MAX_TOKEN_UNITS = 128  # UTF-16 units; no token of any tokenizer in use stands for more


@dataclass(frozen=True)
class Codec:
    encode: Callable[[str], list[int]]
    decode: Callable[[list[int]], str]


@dataclass(frozen=True)
class Parts:
    fixed: tuple[str, str, str]  # before, between and after the two; never shortened
    shortenable: tuple[str, str]
    removed: tuple[str, ...] = ()  # taken out of a text that was shortened, which can make new ones

    @property
    def text(self) -> str:
        (before, between, after), (first, second) = self.fixed, self.shortenable
        return before + first + between + second + after


def shortened(codec: Codec, parts: Parts, room: int) -> tuple[list[int], int]:
    """Ids of at most `room` tokens, and how many tokens were taken from the ends of the two texts.

    The longer one loses tokens until both are equally long, then both do. Where that is not enough, all stays whole.
    """
    beginnings = _beginnings(parts, room)
    ids = codec.encode(beginnings.text)
    if len(ids) <= room:
        return ids, 0 if beginnings is parts else 1
    first, second = encoded = [codec.encode(text) for text in beginnings.shortenable]
    budget = len(first) + len(second) - (len(ids) - room)
    while budget >= 0:
        most = _longest_within(len(first), len(second), budget)
        cut = tuple(_first_tokens(codec, beginnings, place, own, most) for place, own in enumerate(encoded))
        found = codec.encode(replace(beginnings, shortenable=cut).text)
        if len(found) <= room:
            return found, sum(len(own) - min(len(own), most) for own in encoded)
        budget -= len(found) - room  # a text that is cut can have other tokens than the part of the whole that it was
    return ids, 0


def _beginnings(parts: Parts, room: int) -> Parts:
    """As much of each text as could fit by itself: encoding a megabyte only to drop it takes long."""
    units = max(0, room) * MAX_TOKEN_UNITS
    if all(_units(text) <= units for text in parts.shortenable):
        return parts
    return replace(parts, shortenable=tuple(_beginning(text, units, parts) for text in parts.shortenable))


def _beginning(text: str, units: int, parts: Parts) -> str:
    if _units(text) <= units:
        return text
    return _cleaned(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "replace"), parts)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _longest_within(first: int, second: int, budget: int) -> int:
    shorter = min(first, second)
    return budget - shorter if 2 * shorter <= budget else budget // 2


def _first_tokens(codec: Codec, parts: Parts, place: int, ids: list[int], count: int) -> str:
    return parts.shortenable[place] if len(ids) <= count else _cleaned(codec.decode(ids[:count]), parts)


def _cleaned(text: str, parts: Parts) -> str:
    if not parts.removed:
        return text
    return re.sub("|".join(map(re.escape, parts.removed)), "", text.strip()).strip()
