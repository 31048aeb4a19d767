import json

import pytest

from sorted_train.exits import Exits, check_exits, default_exits, read_exits, write_exits


@pytest.mark.parametrize(
    "layers, exits",
    [(40, (12, 16, 20, 24, 28, 32, 36, 40)), (30, (9, 12, 15, 18, 21, 24, 27, 30)), (10, (3, 4, 5, 6, 7, 8, 9, 10))],
)
def test_default_exits_are_the_papers(layers, exits):
    assert default_exits(layers) == exits


@pytest.mark.parametrize("exits", [(), (3, 2, 10), (3, 3, 10), (0, 10), (3, 9), (3, 11)])
def test_exits_must_rise_and_end_at_the_last_layer(exits):
    with pytest.raises(SystemExit):
        check_exits(exits, 10)


def test_exits_json_round_trip(tmp_path):
    exits = Exits("early-exit", (3, 10), "../sft")
    write_exits(tmp_path, exits)
    assert json.loads((tmp_path / "exits.json").read_text()) == {"kind": "early-exit", "exits": [3, 10], "base": "../sft"}
    assert read_exits(tmp_path, 10) == exits


def test_a_plain_checkpoint_is_sft_with_the_papers_exits(tmp_path):
    assert read_exits(tmp_path, 10) == Exits("sft", default_exits(10))
