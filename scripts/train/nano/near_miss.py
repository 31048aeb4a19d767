"""Wrong answers that are almost right."""

import random
import string


def near_miss(rng: random.Random, right: str) -> str:
    """Never equal to the right answer."""
    while True:
        wrong = rng.choice(changes_for(right))(rng, right).strip()
        if wrong != right:
            return wrong


def changes_for(right: str) -> list:
    changes = [change_character, swap_neighbours, drop_character, double_character]
    if right.isdigit():
        return [*changes, off_by_some, off_by_some, off_by_some]
    if " " in right:
        return [*changes, drop_part, repeat_part, shuffle_parts, shuffle_parts]
    return changes


def change_character(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    alphabet = next((a for a in (string.digits, string.ascii_lowercase, string.ascii_uppercase) if text[place] in a), text)
    return text[:place] + rng.choice(alphabet) + text[place + 1 :]


def swap_neighbours(rng: random.Random, text: str) -> str:
    if len(text) < 2:
        return change_character(rng, text)
    place = rng.randrange(len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def drop_character(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    return text[:place] + text[place + 1 :]


def double_character(rng: random.Random, text: str) -> str:
    place = rng.randrange(len(text))
    return text[:place] + text[place] + text[place:]


def off_by_some(rng: random.Random, text: str) -> str:
    return str(abs(int(text) + rng.choice((-10, -2, -1, 1, 2, 10))))


def drop_part(rng: random.Random, text: str) -> str:
    parts = text.split(" ")
    del parts[rng.randrange(len(parts))]
    return " ".join(parts).strip(",")


def repeat_part(rng: random.Random, text: str) -> str:
    parts = text.split(" ")
    parts.insert(0, parts[rng.randrange(len(parts))])
    return " ".join(parts)


def shuffle_parts(rng: random.Random, text: str) -> str:
    separator = ", " if ", " in text else " "
    parts = text.split(separator)
    rng.shuffle(parts)
    return separator.join(parts)
