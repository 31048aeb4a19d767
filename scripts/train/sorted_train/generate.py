"""Greedy answers of every exit, many prompts at a time."""

from collections.abc import Iterable

import torch

from .submodels import Checkpoint, submodel


def answer_all(checkpoint: Checkpoint, prompts: list[str], max_new_tokens: int = 48, batch: int = 256) -> dict[int, list[str]]:
    """For every exit, the decoded answers in the order of the prompts, without special tokens and outer white space."""
    return {n: answer_at(checkpoint, n, prompts, max_new_tokens, batch) for n in checkpoint.exits.layers}


def answer_at(checkpoint: Checkpoint, exit: int, prompts: list[str], max_new_tokens: int = 48, batch: int = 256) -> list[str]:
    tokenizer = checkpoint.tokenizer
    model = submodel(checkpoint.model, exit, checkpoint.heads[exit])
    ids = [tokenizer(prompt)["input_ids"] for prompt in prompts]
    answers: dict[int, str] = {}
    for chosen in batches(sorted(range(len(ids)), key=lambda i: len(ids[i])), batch):
        rows = greedy_batch(model, [ids[i] for i in chosen], tokenizer, max_new_tokens)
        answers |= {i: tokenizer.decode(row, skip_special_tokens=True).strip() for i, row in zip(chosen, rows)}
    return [answers[i] for i in range(len(ids))]


@torch.inference_mode()
def greedy_batch(model, prompts: list[list[int]], tokenizer, max_new_tokens: int) -> list[list[int]]:
    """New ids of every prompt, up to and without eos."""
    longest = max(map(len, prompts))
    step = torch.tensor([[tokenizer.pad_token_id] * (longest - len(p)) + p for p in prompts])  # [B, T]
    mask = torch.tensor([[0] * (longest - len(p)) + [1] * len(p) for p in prompts])  # [B, T]
    positions, cache, columns = (mask.cumsum(1) - 1).clamp(min=0), None, []
    done = torch.zeros(len(prompts), dtype=torch.bool)
    while len(columns) < max_new_tokens and not done.all():
        out = model(step, attention_mask=mask, position_ids=positions, cache=cache, use_cache=True, logits_to_keep=1)
        cache, token = out.cache, out.logits[:, -1].argmax(-1)  # [B]
        columns.append(token)
        done |= token == tokenizer.eos_token_id
        step, positions = token[:, None], positions[:, -1:] + 1
        mask = torch.cat([mask, mask.new_ones(len(prompts), 1)], dim=1)
    return [until(row, tokenizer.eos_token_id) for row in torch.stack(columns, dim=1).tolist()]


def until(ids: list[int], eos: int) -> list[int]:
    return ids[: ids.index(eos)] if eos in ids else ids


def batches(items: list[int], size: int) -> Iterable[list[int]]:
    return (items[start : start + size] for start in range(0, len(items), size))
