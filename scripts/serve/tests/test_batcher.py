"""Ids of every exit, alone and in mixed batches, and how requests share one batch."""

import threading
from concurrent.futures import wait

import pytest
from sorted_serve.bad_input import BadInput
from sorted_serve.batcher import BatchLimits

EXITS = (3, 4, 5, 6, 7, 8, 9, 10)
LONGEST = {"judge": 48}  # tokens of an answer in the golden file; of the others 32
MODELS = ("soft", "sft", "early-exit", "judge")


def ids_of(futures) -> list[list[int]]:
    return [future.result(timeout=60).token_ids for future in futures]


@pytest.mark.parametrize("name", MODELS)
def test_ids_of_a_mixed_batch_equal_those_of_pytorch_at_every_exit(name, nano, golden, batcher, greedy):
    model, cases = nano(name), golden(f"nano-{name}")
    asked = [(case, exit) for exit in EXITS for case in cases]
    asked.sort(key=lambda one: (one[0]["prompt_ids"][-8:], -one[1]))  # an order that has nothing to do with exits
    sequences = [greedy(model, case["prompt_ids"], exit, LONGEST.get(name, 32)) for case, exit in asked]
    answers = ids_of(batcher(model, BatchLimits(rows=48)).answer(sequences))
    assert answers == [case["exits"][str(exit)] for case, exit in asked]


@pytest.mark.parametrize(("rows", "cache_tokens"), [(64, 700), (5, 450)])
def test_no_id_depends_on_the_room_for_keys_and_values_which_is_never_more(rows, cache_tokens, nano, golden, batcher, greedy):
    model, cases = nano("soft"), golden("nano-soft")
    own, rooms = batcher(model, BatchLimits(rows=rows, cache_tokens=cache_tokens)), []

    def watch(_):
        rooms.append(own.room)
        return False

    asked = [(case, exit, 16 + 40 * (index % 3)) for index, case in enumerate(cases) for exit in (3, 7, 10)]
    answers = ids_of(own.answer([greedy(model, case["prompt_ids"], exit, most, ends_early=watch) for case, exit, most in asked]))
    assert answers == [case["exits"][str(exit)] for case, exit, _ in asked]
    assert max(rooms) <= cache_tokens and len(set(rooms)) > 1


@pytest.mark.parametrize("name", ("soft", "early-exit"))
def test_ids_of_a_prompt_alone_equal_those_of_pytorch(name, nano, golden, batcher, greedy):
    model = nano(name)
    one_row = batcher(model, BatchLimits(rows=1))
    for case in golden(f"nano-{name}")[:4]:
        answers = ids_of(one_row.answer([greedy(model, case["prompt_ids"], exit) for exit in EXITS]))
        assert answers == [case["exits"][str(exit)] for exit in EXITS]


def test_a_prompt_at_eight_exits_runs_as_many_layers_as_at_the_deepest_alone(nano, golden, batcher, greedy):
    ids = golden("nano-soft")[0]["prompt_ids"]
    counts = []
    for exits in ((10,), EXITS):
        model = nano("soft")
        wait(batcher(model).answer([greedy(model, ids, exit, max_new_tokens=1) for exit in exits]))
        counts.append(model.executions)
    assert counts == [10 * len(ids), 10 * len(ids)]


def test_rows_leave_the_layers_at_their_exit(nano, golden, batcher, greedy):
    ids = golden("nano-soft")[0]["prompt_ids"]
    model = nano("soft")
    never = [greedy(model, ids, exit, max_new_tokens=3) for exit in (3, 10)]
    for sequence in never:
        object.__setattr__(sequence.asked, "eos_ids", frozenset())
    wait(batcher(model).answer(never))
    assert model.executions == 10 * len(ids) + 2 * (3 + 10)


def test_a_request_that_arrives_in_mid_decode_starts_before_the_others_end(nano, golden, batcher, greedy):
    model, ids = nano("soft"), golden("nano-soft")[0]["prompt_ids"]
    order, is_under_way = [], threading.Event()

    def follow(name):
        def ends_early(answer):
            order.append((name, len(answer)))
            if name == "long" and len(answer) == 3:
                is_under_way.set()
                may_go_on.wait(30)
            return False

        return ends_early

    may_go_on = threading.Event()
    long = greedy(model, ids, 10, max_new_tokens=40, ends_early=follow("long"))
    object.__setattr__(long.asked, "eos_ids", frozenset())
    own = batcher(model)
    first = own.answer([long])
    is_under_way.wait(30)
    second = own.answer([greedy(model, ids, 4, max_new_tokens=2, ends_early=follow("late"))])
    may_go_on.set()
    wait(first + second, timeout=60)
    assert order.index(("late", 1)) < order.index(("long", 6))


def test_a_client_that_goes_frees_its_rows(nano, golden, batcher, greedy):
    model, ids = nano("soft"), golden("nano-soft")[0]["prompt_ids"]
    started = threading.Event()
    long = greedy(model, ids, 10, max_new_tokens=900, ends_early=lambda _: started.set())
    object.__setattr__(long.asked, "eos_ids", frozenset())
    own = batcher(model, BatchLimits(rows=1))
    (gone,) = own.answer([long])
    started.wait(30)
    assert gone.cancel()
    (next_one,) = own.answer([greedy(model, ids, 3)])
    assert next_one.result(timeout=5).token_ids == golden("nano-soft")[0]["exits"]["3"]


def test_more_than_may_wait_are_refused(nano, golden, batcher, greedy):
    model, ids = nano("soft"), golden("nano-soft")[0]["prompt_ids"]
    own = batcher(model, BatchLimits(waiting=3))
    with pytest.raises(BadInput, match="^expected at most 3 waiting prompts: 0 wait, and 4 more came$"):
        own.answer([greedy(model, ids, 3) for _ in range(4)])


def test_who_waited_too_long_is_told_so(nano, golden, batcher, greedy):
    model, ids = nano("soft"), golden("nano-soft")[0]["prompt_ids"]
    (late,) = batcher(model, BatchLimits(wait_seconds=-1)).answer([greedy(model, ids, 3)])
    with pytest.raises(BadInput, match="^expected a place in a batch"):
        late.result(timeout=30)


def test_a_fault_of_a_step_reaches_all_who_wait_for_it(nano, golden, batcher, greedy):
    model, ids = nano("soft"), golden("nano-soft")[0]["prompt_ids"]

    def fails(_):
        raise ZeroDivisionError("of this test")

    own = batcher(model)
    (failed,) = own.answer([greedy(model, ids, 3, ends_early=fails)])
    with pytest.raises(ZeroDivisionError):
        failed.result(timeout=30)
    (after,) = own.answer([greedy(model, ids, 3)])
    assert after.result(timeout=30).token_ids == golden("nano-soft")[0]["exits"]["3"]
