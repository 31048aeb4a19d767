"""The validation loss against transformers' own loss of truncated models, one record at a time."""

import torch
from transformers import AutoTokenizer, LlamaForCausalLM

from conftest import make_tiny
from sorted_train.data import encode
from sorted_train.exits import Exits
from sorted_train.submodels import Checkpoint, submodel
from validation_loss import exit_losses

RECORDS = [{"instruction": f"Say {word}.", "input": "", "output": f"{word} " * n} for n, word in enumerate(("yes", "no", "so"), 1)]


def test_mean_over_all_response_tokens_at_every_exit(repository):
    tokenizer = AutoTokenizer.from_pretrained(repository / "eval-data/nano/models/sft")
    model = LlamaForCausalLM(make_tiny(vocab_size=len(tokenizer)).config).eval()
    checkpoint = Checkpoint(model, tokenizer, Exits("soft", (2, 6)), {n: model.lm_head for n in (2, 6)})
    losses, tokens = exit_losses(checkpoint, RECORDS, batch_size=2, max_length=512)
    for n in (2, 6):
        total, count = 0.0, 0
        for record in RECORDS:
            item = encode(record, tokenizer)
            labels = torch.tensor([item["labels"]])
            learned = int((labels[:, 1:] != -100).sum())
            with torch.inference_mode():
                total += float(submodel(model, n)(torch.tensor([item["input_ids"]]), labels=labels).loss) * learned
            count += learned
        assert tokens == count
        assert abs(losses[n] - total / count) < 1e-5
