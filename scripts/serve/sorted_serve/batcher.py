"""Requests join and leave one batch between its steps."""

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from .bad_input import BadInput
from .batch import Batch
from .key_values import PromptCache
from .sequences import Answered, Sequence
from .sorted_model import SortedModel


@dataclass(frozen=True)
class BatchLimits:
    rows: int = 64  # that decode together
    cache_tokens: int = 131_072  # rows x tokens of the longest row, for which keys and values are kept
    tokens_read: int = 8192  # of prompts between two steps, so that rows in the batch do not wait for long
    waiting: int = 1024  # prompts that may wait for a place
    wait_seconds: float = 600.0


@dataclass
class Waiting:
    sequence: Sequence
    rows: int
    since: float = field(default_factory=time.monotonic)
    answer: Future[Answered] = field(default_factory=Future)


class Batcher:
    """The one thread that runs layers. Prompts that are equal are read once, for all of their exits."""

    def __init__(self, model: SortedModel, limits: BatchLimits | None = None):
        self.model, self.limits = model, limits or BatchLimits()
        self._batch = Batch(model, self.limits.cache_tokens)
        self._waiting: deque[Waiting] = deque()
        self._running: dict[int, Waiting] = {}
        self._calls: deque[tuple[Callable[[], Any], Future]] = deque()
        self._wake = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="batcher", daemon=True)
        self._thread.start()

    def answer(self, sequences: list[Sequence]) -> list[Future[Answered]]:
        """A future that is cancelled frees its rows. Raises BadInput where so many may not wait, or one never fits."""
        waiting = [Waiting(one, one.asked.beams.num_beams if one.asked.beams else 1) for one in sequences]
        for one in waiting:
            self.require_fit(one.rows, one.sequence.asked.most_tokens)
        with self._wake:
            self._require_room(len(waiting))
            self._waiting.extend(waiting)
            self._wake.notify()
        return [one.answer for one in waiting]

    def call(self, work: Callable[[], Any]) -> Future:
        """Runs other work of the model between two steps."""
        future: Future = Future()
        with self._wake:
            self._require_room(1)
            self._calls.append((work, future))
            self._wake.notify()
        return future

    @property
    def room(self) -> int:
        """Rows x tokens for which keys and values are kept now."""
        return self._batch.kept.room

    @property
    def running(self) -> int:
        return len(self._running)

    @property
    def waiting(self) -> int:
        return len(self._waiting) + len(self._calls)

    def require_fit(self, rows: int, longest: int) -> None:
        """longest: tokens of the longest of the rows, with its answer."""
        if rows > self.limits.rows or rows * longest > self.limits.cache_tokens:
            most = f"{self.limits.rows} rows and {self.limits.cache_tokens} tokens with answer"
            raise BadInput(f"prompt: expected at most {most}, found {rows} and {rows * longest}", "prompt")

    def require_running(self) -> None:
        if not self._thread.is_alive():
            raise RuntimeError("the thread that runs layers has ended")

    def close(self) -> None:
        """What was asked is answered first."""
        with self._wake:
            self._is_closed = True
            self._wake.notify()
        self._thread.join()

    def _work(self) -> None:
        while self._has_work():
            try:
                self._call_one()
                self._let_go()
                self._join()
                if self._batch.rows:
                    self._finish(self._batch.step())
            except Exception as error:  # a fault of one step must not leave clients waiting for ever
                self._fail_all(error)

    def _has_work(self) -> bool:
        with self._wake:
            self._wake.wait_for(lambda: self._batch.rows or self._waiting or self._calls or self._is_closed)
            return bool(self._batch.rows or self._waiting or self._calls)

    def _call_one(self) -> None:
        if not self._calls:
            return
        work, future = self._calls.popleft()
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(work())
        except Exception as error:
            future.set_exception(error)

    def _let_go(self) -> None:
        """Of those whose clients have gone."""
        for key, one in list(self._running.items()):
            if one.answer.cancelled():
                self._batch.leave(one.sequence)
                del self._running[key]

    def _join(self) -> None:
        tokens = 0
        while tokens < self.limits.tokens_read and (group := self._next_group()):
            tokens += len(group[0].sequence.asked.ids)
            self._read(group)

    def _next_group(self) -> list[Waiting]:
        """The first that waits, and all others with the same prompt, as far as there is room for them."""
        with self._wake:
            self._drop_late()
            group: list[Waiting] = []
            for one in list(self._waiting):
                if group and one.sequence.asked.ids != group[0].sequence.asked.ids:
                    continue
                if not self._fits([*group, one]):
                    break
                group.append(one)
                self._waiting.remove(one)
            return group

    def _drop_late(self) -> None:
        limit = self.limits.wait_seconds
        for one in [one for one in self._waiting if one.answer.cancelled() or time.monotonic() - one.since > limit]:
            self._waiting.remove(one)
            if not one.answer.cancelled():
                message = f"expected a place in a batch within {limit:g} s, found none"
                one.answer.set_exception(BadInput(message, code="waited_too_long", status=503))

    def _fits(self, joining: list[Waiting]) -> bool:
        rows = len(self._batch.rows) + sum(one.rows for one in joining)
        all_asked = [one.sequence.asked for one in (*self._running.values(), *joining)]
        longest = max(asked.most_tokens for asked in all_asked)
        return rows <= self.limits.rows and rows * longest <= self.limits.cache_tokens

    def _read(self, group: list[Waiting]) -> None:
        """One pass up to the deepest exit gives every exit's first token."""
        cache = PromptCache()
        asked = group[0].sequence.asked
        self._running |= {id(one.sequence): one for one in group}
        states = self.model.read(asked.ids, [one.sequence.asked.exit for one in group], cache)
        for one in group:
            exit = one.sequence.asked.exit
            self._batch.join(one.sequence, self.model.logits(states[exit][-1:], exit)[0], cache)
        self._finish([one.sequence for one in group if one.sequence.answer])

    def _finish(self, sequences: list[Sequence]) -> None:
        for sequence in sequences:
            one = self._running.pop(id(sequence))
            if one.answer.set_running_or_notify_cancel():
                one.answer.set_result(sequence.answer)

    def _fail_all(self, error: Exception) -> None:
        self._batch = Batch(self.model, self.limits.cache_tokens)
        for one in self._running.values():
            if one.answer.set_running_or_notify_cancel():
                one.answer.set_exception(error)
        self._running.clear()

    def _require_room(self, count: int) -> None:
        if self._is_closed:
            raise BadInput("the server is ending; it takes no new requests", code="ending", status=503)
        if self.waiting + count > self.limits.waiting:
            found = f"{self.waiting} wait, and {count} more came"
            message = f"expected at most {self.limits.waiting} waiting prompts: {found}"
            raise BadInput(message, code="rate_limit_exceeded", status=429)
