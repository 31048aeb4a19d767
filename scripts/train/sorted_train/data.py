"""Alpaca records to token ids and labels, and the collator that pads them."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.utils.data import Dataset

from .prompts import pandalm_answer, record_prompt

IGNORED = -100  # the label that cross_entropy skips
FIELDS = ("instruction", "output")


def read_records(file: Path) -> list[dict]:
    """A JSON array of {instruction, input, output}, or of judge records (see record_answer)."""
    records = json.loads(Path(file).read_text())
    if not isinstance(records, list) or not records:
        raise SystemExit(f"{file}: expected a JSON array of records, found {type(records).__name__}")
    for i, record in enumerate(records):
        missing = [name for name in FIELDS if not isinstance(record.get(name), str)]
        if missing:
            raise SystemExit(f"{file}: record {i} has no text named {', '.join(missing)}; give Alpaca-format data")
    return records


def record_answer(record: dict) -> str:
    """The text to learn. For a judge record, output is the reference and verdict and reason come before it."""
    if "verdict" in record:
        return pandalm_answer(record["verdict"], record["reason"], record["output"])
    return record["output"]


class InstructionData(Dataset):
    """Items of {input_ids, labels}: bos as the tokenizer adds it, then prompt, response, eos. Labels on the response."""

    def __init__(self, records: list[dict], tokenizer, loss_on: str = "response", max_length: int = 1024):
        self.items = [encode(record, tokenizer, loss_on, max_length) for record in records]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> dict[str, list[int]]:
        return self.items[index]


def encode(record: dict, tokenizer, loss_on: str = "response", max_length: int = 1024) -> dict[str, list[int]]:
    """A judge record may say that it teaches its verdict alone, the one token that is hard to learn, without the rest."""
    # Prompt and response are tokenised apart, so that generation sees exactly the prompt ids that were trained on.
    text = record_prompt(record)
    prompt = tokenizer(text, return_offsets_mapping=True)
    response = tokenizer(record_answer(record), add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
    if record.get("learn") == "verdict":
        response = response[:1]
    learned = [(0, len(text))] if loss_on == "all" else right_response_spans(record, text)
    prompt_labels = [
        token if any(start <= first and last <= end for start, end in learned) else IGNORED
        for token, (first, last) in zip(prompt["input_ids"], prompt["offset_mapping"])
    ]
    return {
        "input_ids": (prompt["input_ids"] + response)[:max_length],
        "labels": (prompt_labels + response)[:max_length],
    }


def right_response_spans(record: dict, prompt: str) -> list[tuple[int, int]]:
    """Where a judge's prompt shows a right response, its line end included.

    The judge learns to write these too: what it expects at a response's place is what it has to compare the response with.
    """
    spans = []
    for number in (1, 2):
        response = record.get(f"response{number}")
        if response is not None and response.strip() == record["output"].strip():
            start = prompt.index(f"### Response {number}:\n") + len(f"### Response {number}:\n")
            spans.append((start, start + len(response.strip()) + 1))
    return spans


@dataclass
class Collator:
    """Pads on the right to the longest item of the batch."""

    pad_id: int

    def __call__(self, items: list[dict]) -> dict[str, torch.Tensor]:
        longest = max(len(item["input_ids"]) for item in items)
        return {
            "input_ids": self._pad(items, "input_ids", self.pad_id, longest),  # [B, T]
            "attention_mask": torch.tensor(
                [[1] * len(item["input_ids"]) + [0] * (longest - len(item["input_ids"])) for item in items]
            ),  # [B, T]
            "labels": self._pad(items, "labels", IGNORED, longest),  # [B, T]
        }

    def _pad(self, items: list[dict], name: str, value: int, longest: int) -> torch.Tensor:
        return torch.tensor([item[name] + [value] * (longest - len(item[name])) for item in items])
