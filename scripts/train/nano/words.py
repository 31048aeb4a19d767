"""Words for the letter tasks: some real, most made up, split so that no word is on two sides."""

import hashlib
import itertools
from functools import cache

from .facts import fact_words

SIDES = ("train", "validation", "test")
ONSETS = "b c d f g h j k l m n p r s t v w z br cl dr fl gr pl sk st tr".split()
CODAS = ["", *"d g k l m n p r s t x".split(), "nd", "rk", "lt"]
REAL = """
able acid acorn actor alarm amber angel anvil apron arch army arrow atom aunt award bacon badge basil beach beard
bell berry bird blade blink bloom board bone brave bread brick broom brush cabin camel candle canoe card castle cave
cedar chalk chess chin cloud clown cobra comet coral corn crab crane crown curtain dance dawn desk diary dove dragon
dream dust eagle elbow engine fence fern field flame flag flour forest frog garden ghost giant ginger globe grape
grass guitar harp hawk heart hill honey hotel ink island ivory jacket jelly jewel kettle king kite ladder lake lion
lizard magnet maple marble market melon mirror monkey moon mountain needle nest ocean olive onion orbit otter owl
paint palace panda paper parrot pearl pencil pepper pillow pine planet pocket pond potato prince puzzle queen rain
ring robin robot rocket roof rope rose sailor salt sand scarf school seed shadow shark shell ship silver skate smoke
snail snow soap spider spoon star stone storm street sugar summer sun table temple ticket tulip tunnel turtle umbrella
valley velvet village water whale wheel window winter wizard yard zebra
""".split()


def hash_bucket(text: str, buckets: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % buckets


def side_of(key: str) -> str:
    """80 % train, 10 % validation, 10 % test, by hash: independent of order and of what else exists."""
    return SIDES[max(0, hash_bucket(f"side of {key}", 10) - 7)]


@cache
def words_of(side: str, excluded: frozenset[str]) -> list[str]:
    """Words of 3 to 7 letters, in alphabetical order; real ones count four times, to be drawn more often."""
    usable = {word for word in [*REAL, *made_up()] if 3 <= len(word) <= 7 and word not in excluded | fact_words()}
    mine = sorted(word for word in usable if side_of(word) == side)
    return mine + [word for word in mine if word in REAL] * 3


@cache
def made_up() -> tuple[str, ...]:
    """Every syllable, and a thinned-out set of two syllables together."""
    syllables = ["".join(parts) for parts in itertools.product(ONSETS, "aeiou", CODAS)]
    pairs = (first + second for first, second in itertools.product(syllables, syllables))
    return (*(s for s in syllables if hash_bucket(s, 3) == 0), *(p for p in pairs if hash_bucket(p, 400) == 0))
