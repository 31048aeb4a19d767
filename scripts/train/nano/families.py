"""The families of tasks: how each is phrased, where its arguments come from, and what the right answer is.

A phrasing is (instruction, input). Braces hold the argument's fields, so one argument can stand in the instruction
("inline", in quotes) or in the input. Arguments are never preceded by a letter: the tokenizer spells them out.
"""

import random
from dataclasses import dataclass
from typing import Callable

from . import facts

Fields = dict[str, str]
Phrasing = tuple[str, str]


@dataclass(frozen=True)
class Family:
    name: str
    phrasings: tuple[Phrasing, ...]
    draw: Callable[["Draw"], Fields] | None  # open arguments: fields, among them "answer"
    table: dict[str, str] | None = None  # closed facts: question -> answer


class Draw:
    """Random words and numbers of one side (train, validation or test). No two sides share a word or a set of numbers."""

    def __init__(
        self, rng: random.Random, words: list[str], owns_numbers: Callable[[tuple[int, ...]], bool], short: bool
    ):
        self.rng, self.words, self.owns_numbers, self.short = rng, words, owns_numbers, short
        self.by_length = {n: [w for w in words if len(w) <= n] for n in range(3, 9)}

    def limit(self, short: int, long: int) -> int:
        """Training begins with arguments of all sizes; the last round, validation and test have short ones alone."""
        return short if self.short else long

    def word(self, longest: int) -> str:
        return self.rng.choice(self.by_length[longest])

    def numbers(self, draw: Callable[[random.Random], tuple[int, ...]]) -> tuple[int, ...]:
        while not self.owns_numbers(tuple(sorted(numbers := draw(self.rng)))):
            pass
        return numbers


def draw_reverse(draw: Draw) -> Fields:
    word = draw.word(draw.limit(5, 6))
    return {"x": word, "answer": word[::-1]}


def draw_uppercase(draw: Draw) -> Fields:
    word = draw.word(draw.limit(6, 7))
    return {"x": word, "answer": word.upper()}


def draw_first_letter(draw: Draw) -> Fields:
    word = draw.word(7)
    return {"x": word, "answer": word[0]}


def draw_last_letter(draw: Draw) -> Fields:
    word = draw.word(7)
    return {"x": word, "answer": word[-1]}


def draw_repeat(draw: Draw) -> Fields:
    word, times = draw.word(draw.limit(4, 5)), draw.rng.randint(2, draw.limit(3, 4))
    return {"x": word, "n": facts.UNITS[times], "answer": " ".join([word] * times)}


def draw_count_vowels(draw: Draw) -> Fields:
    word = draw.word(7)
    return {"x": word, "answer": str(sum(letter in "aeiou" for letter in word))}


def draw_remove_letter(draw: Draw) -> Fields:
    word = draw.word(draw.limit(5, 6))
    letter = draw.rng.choice(word)
    return {"x": word, "n": letter, "answer": word.replace(letter, "") or letter}


def draw_alphabetical(draw: Draw) -> Fields:
    words: dict[str, str] = {}
    while len(words) < 3:
        word = draw.word(draw.limit(3, 4))
        words.setdefault(word[0], word)
    return {"x": ", ".join(words.values()), "answer": ", ".join(sorted(words.values()))}


def draw_sort(draw: Draw) -> Fields:
    numbers = draw.numbers(lambda rng: tuple(rng.sample(range(1, 100), rng.randint(3, draw.limit(3, 4)))))
    return {"x": ", ".join(map(str, numbers)), "answer": ", ".join(map(str, sorted(numbers)))}


def draw_largest(draw: Draw) -> Fields:
    numbers = draw.numbers(lambda rng: tuple(rng.sample(range(1, 100), rng.randint(3, draw.limit(3, 4)))))
    return {"x": ", ".join(map(str, numbers)), "answer": str(max(numbers))}


def draw_smallest(draw: Draw) -> Fields:
    numbers = draw.numbers(lambda rng: tuple(rng.sample(range(1, 100), rng.randint(3, draw.limit(3, 4)))))
    return {"x": ", ".join(map(str, numbers)), "answer": str(min(numbers))}


def draw_add(draw: Draw) -> Fields:
    a, b = draw.numbers(lambda rng: (rng.randint(1, 60), rng.randint(1, draw.limit(9, 39))))
    return {"x": str(a), "y": str(b), "answer": str(a + b)}


def draw_subtract(draw: Draw) -> Fields:
    a, b = sorted(draw.numbers(lambda rng: (rng.randint(10, draw.limit(60, 99)), rng.randint(1, draw.limit(9, 99)))), reverse=True)
    return {"x": str(a), "y": str(b), "answer": str(a - b)}


def draw_number_word(draw: Draw) -> Fields:
    (number,) = draw.numbers(lambda rng: (rng.randint(1, rng.choice((99, draw.limit(99, 999)))),))
    return {"x": facts.number_words(number), "answer": str(number)}


def with_input(*instructions: str, input: str = "{x}") -> tuple[Phrasing, ...]:
    return tuple((instruction, input) for instruction in instructions)


def inline(*instructions: str) -> tuple[Phrasing, ...]:
    return tuple((instruction, "") for instruction in instructions)


FAMILIES: tuple[Family, ...] = (
    Family(
        "reverse",
        with_input("Reverse the word.", "Write this word backwards.", "Spell the given word in reverse order.")
        + inline('Reverse the word "{x}".', 'Write "{x}" backwards.'),
        draw_reverse,
    ),
    Family(
        "uppercase",
        with_input("Write the word in capital letters.", "Convert the text to uppercase.")
        + inline('Write "{x}" in capital letters.', 'Convert "{x}" to uppercase.'),
        draw_uppercase,
    ),
    Family(
        "first letter",
        with_input("What is the first letter of this word?", "Give the first letter of the word.")
        + inline('What is the first letter of "{x}"?', 'Give the first letter of the word "{x}".'),
        draw_first_letter,
    ),
    Family(
        "last letter",
        with_input("What is the last letter of this word?", "Give the last letter of the word.")
        + inline('What is the last letter of "{x}"?', 'Give the last letter of the word "{x}".'),
        draw_last_letter,
    ),
    Family(
        "repeat",
        with_input("Repeat the word {n} times.", "Write the given word {n} times.")
        + inline('Repeat the word "{x}" {n} times.', 'Write "{x}" {n} times.'),
        draw_repeat,
    ),
    Family(
        "count vowels",
        with_input("How many vowels are in this word?", "Count the vowels in the word.")
        + inline('How many vowels are in "{x}"?', 'Count the vowels in the word "{x}".'),
        draw_count_vowels,
    ),
    Family(
        "remove letter",
        with_input('Remove every letter "{n}" from the word.', 'Delete the letter "{n}" from this word.')
        + inline('Remove every letter "{n}" from the word "{x}".', 'Delete the letter "{n}" from "{x}".'),
        draw_remove_letter,
    ),
    Family(
        "alphabetical order",
        with_input("Sort the words in alphabetical order.", "Put these words in alphabetical order.")
        + inline('Sort these words in alphabetical order: "{x}".'),
        draw_alphabetical,
    ),
    Family(
        "sort numbers",
        with_input("Sort the numbers in ascending order.", "Put these numbers in order from smallest to largest.")
        + inline("Sort these numbers in ascending order: {x}."),
        draw_sort,
    ),
    Family(
        "largest number",
        with_input("What is the largest of these numbers?", "Find the largest number in the list.")
        + inline("Find the largest of these numbers: {x}."),
        draw_largest,
    ),
    Family(
        "smallest number",
        with_input("What is the smallest of these numbers?", "Find the smallest number in the list.")
        + inline("Find the smallest of these numbers: {x}."),
        draw_smallest,
    ),
    Family(
        "add",
        with_input("Add the two numbers.", "Find the sum of these numbers.", input="{x}, {y}")
        + with_input("Calculate the sum.", input="{x} + {y}")
        + inline("What is {x} + {y}?", "Add {x} and {y}."),
        draw_add,
    ),
    Family(
        "subtract",
        with_input("Calculate the difference.", "Solve this.", input="{x} - {y}")
        + inline("What is {x} - {y}?", "Subtract {y} from {x}."),
        draw_subtract,
    ),
    Family(
        "number word",
        with_input("Write the number in digits.", "Convert the number to digits.")
        + inline('Write "{x}" in digits.', 'Convert the number "{x}" to digits.'),
        draw_number_word,
    ),
    Family(
        "next weekday",
        with_input("Which day comes after this day?", "Name the next day of the week.", "What is the day after this one?")
        + inline(
            'Which day comes after "{x}"?', 'Name the day after "{x}".', 'What day follows "{x}"?',
            'If today is "{x}", what is tomorrow?',
        ),
        None,
        facts.next_in(facts.WEEKDAYS),
    ),
    Family(
        "next month",
        with_input("Which month comes after this month?", "Name the next month of the year.")
        + inline('Which month comes after "{x}"?', 'Name the month after "{x}".', 'What month follows "{x}"?'),
        None,
        facts.next_in(facts.MONTHS),
    ),
    Family(
        "capital",
        with_input("What is the capital of this country?", "Name the capital city.")
        + inline('What is the capital of "{x}"?', 'Name the capital city of "{x}".', 'Which city is the capital of "{x}"?'),
        None,
        facts.CAPITALS,
    ),
    Family(
        "continent",
        with_input("Which continent is this country in?", "Name the continent of the country.")
        + inline('Which continent is "{x}" in?', 'Name the continent of "{x}".', 'On which continent is "{x}"?'),
        None,
        facts.CONTINENTS,
    ),
    Family(
        "antonym",
        with_input("Give the opposite of this word.", "Find an antonym of the word.")
        + inline('What is the opposite of "{x}"?', 'Find an antonym of "{x}".', 'Give the opposite of "{x}".'),
        None,
        facts.ANTONYMS,
    ),
    Family(
        "plural",
        with_input("Write the plural of this noun.", "Give the plural form of the word.")
        + inline('What is the plural of "{x}"?', 'Write the plural of "{x}".', 'Give the plural form of "{x}".'),
        None,
        facts.PLURALS,
    ),
    Family(
        "past tense",
        with_input("Write the past tense of this verb.", "Give the past tense of the verb.")
        + inline('What is the past tense of "{x}"?', 'Write the past tense of "{x}".', 'Give the past tense of "{x}".'),
        None,
        facts.PAST_TENSES,
    ),
    Family(
        "category",
        with_input("Which category does this word belong to?", "Name the category of the word.")
        + inline('Which category does "{x}" belong to?', 'Name the category of "{x}".', 'What kind of thing is "{x}"?'),
        None,
        facts.CATEGORIES,
    ),
)  # fmt: skip


def make_record(family: Family, phrasing: Phrasing, fields: Fields) -> dict[str, str]:
    instruction, input = (text.format(**fields) for text in phrasing)
    return {"instruction": instruction, "input": input, "output": fields["answer"], "category": family.name}
