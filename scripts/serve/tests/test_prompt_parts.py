"""Which ends a prompt loses. That both servers cut as the harness does: test/server/conformance/judged.ts."""

import pytest
from sorted_serve.prompt_parts import Codec, Parts, shortened
from sorted_serve.texts import is_first_line_over

CHARACTERS = Codec(lambda text: [ord(one) for one in text], lambda ids: "".join(map(chr, ids)))
FIXED = ("<1>", "<2>", "<3>")
FRAME = sum(map(len, FIXED))


@pytest.mark.parametrize(
    ("first", "second", "room", "kept"),
    [
        ("aaaa", "bb", 6, ("aaaa", "bb")),  # it fits to the last token
        ("aaaaaaaa", "bb", 6, ("aaaa", "bb")),  # the longer one alone
        ("bb", "aaaaaaaa", 6, ("bb", "aaaa")),
        ("aaaaaaaa", "bbbbbb", 7, ("aaa", "bbb")),  # both
        ("aaaa", "bbbb", 0, ("", "")),
        ("aaaa", "bbbb", -1, ("aaaa", "bbbb")),  # what is fixed does not fit: all stays
    ],
)
def test_the_longer_text_loses_its_end_until_both_are_equally_long(first, second, room, kept):
    ids, lost = shortened(CHARACTERS, Parts(FIXED, (first, second)), FRAME + room)
    assert CHARACTERS.decode(ids) == Parts(FIXED, kept).text
    assert lost == len(first + second) - len("".join(kept))


def test_a_cut_text_loses_what_the_cut_made_and_white_space_at_its_end():
    ids, lost = shortened(CHARACTERS, Parts(FIXED, ("abcd <s>rest", ""), ("<s>",)), FRAME + 8)
    assert (CHARACTERS.decode(ids), lost) == ("<1>abcd<2><3>", 4)


def test_a_megabyte_is_cut_before_it_is_encoded():
    read = []
    codec = Codec(lambda text: read.append(len(text)) or CHARACTERS.encode(text), CHARACTERS.decode)
    ids, lost = shortened(codec, Parts(FIXED, ("x" * 1_000_000, "y")), FRAME + 10)
    assert len(ids) == FRAME + 10 and lost >= 1 and max(read) < 10_000


@pytest.mark.parametrize(("text", "is_over"), [("1\n", True), ("\n 1", False), ("\ufeff\n1", False), ("\n1\n2", True), ("1", False)])
def test_white_space_before_a_text_ends_no_line(text, is_over):
    assert is_first_line_over(text) == is_over
