"""How long decoding takes at one exit, with nothing else in flight: as the harness times its own engine."""

import time

from .key_values import KeyValues, PromptCache
from .sorted_model import SortedModel

WARM_UP_STEPS = 4  # untimed: the first ones allocate memory


def decode_seconds(model: SortedModel, ids: list[int], exit: int, batch_size: int, steps: int) -> float:
    """Of `steps` steps of `batch_size` rows that continue one prompt. Ends of sequence are ignored, the prefill is not counted."""
    cache = PromptCache()
    model.read(ids, [exit], cache)
    room = len(ids) + WARM_UP_STEPS + steps
    kept = KeyValues(exit, batch_size * room)
    kept.reserve(batch_size, room)
    for layer, (keys, values) in enumerate(cache.layers):
        for row in range(batch_size):
            kept.fill(row, layer, keys[0], values[0])
    tokens = [ids[-1]] * batch_size
    for step in range(WARM_UP_STEPS + steps):
        if step == WARM_UP_STEPS:
            started = time.perf_counter()
        logits = model.step(tokens, [len(ids) + step] * batch_size, [exit] * batch_size, kept)
        tokens = logits.argmax(-1).tolist()  # waits for the device
    return time.perf_counter() - started
