"""The SoFT loss against a plain reference: truncate the model for real, once for each exit, one row at a time."""

import torch
from torch.nn.functional import cross_entropy
from transformers import LlamaForCausalLM

from conftest import make_tiny
from sorted_train.data import Collator
from sorted_train.prefixes import groups_by_prefix, shared_length

EXITS = (2, 3, 4, 6)


def reference_losses(model, batch, exits):
    """A shallower LLaMA with the same weights for each exit; no batching, no padding, no hooks."""
    losses = []
    for n in exits:
        shallow = LlamaForCausalLM(type(model.config)(**model.config.to_dict() | {"num_hidden_layers": n}))
        parameters = dict(model.named_parameters())
        total, count = 0.0, 0
        for ids, mask, labels in zip(batch["input_ids"], batch["attention_mask"], batch["labels"]):
            length = int(mask.sum())
            weights = {name: parameters[name] for name, _ in shallow.named_parameters()}
            logits = torch.func.functional_call(shallow, weights, (ids[None, :length],)).logits[0]  # [T, V]
            picked = [t for t in range(1, length) if labels[t] != -100]
            total = total + sum(cross_entropy(logits[t - 1], labels[t]) for t in picked)
            count += len(picked)
        losses.append(total / count)
    return losses


def test_loss_is_the_mean_over_truncated_models(tiny, batch):
    out = tiny.train_exits(EXITS)(**batch)
    expected = reference_losses(tiny, batch, EXITS)
    assert torch.allclose(out["exit_losses"], torch.stack(expected), atol=1e-5, rtol=0)
    assert abs(out["loss"] - sum(expected) / len(EXITS)) < 1e-5
    assert out["exit_losses"].unique().numel() == len(EXITS), "a broken model has the same loss at every exit"


def test_gradients_are_those_of_the_reference(tiny, batch):
    tiny.train_exits(EXITS)(**batch)["loss"].backward()
    ours = {name: p.grad.clone() for name, p in tiny.named_parameters()}
    tiny.zero_grad()
    (sum(reference_losses(tiny, batch, EXITS)) / len(EXITS)).backward()
    for name, parameter in tiny.named_parameters():
        assert torch.allclose(ours[name], parameter.grad, atol=1e-5, rtol=1e-4), name
        assert parameter.grad.abs().max() > 1e-4, f"{name} has no gradient to compare"


def test_recomputing_the_logits_changes_neither_loss_nor_gradient(tiny, batch, monkeypatch):
    kept = tiny.train_exits(EXITS)(**batch)["loss"]
    kept.backward()
    gradients = [p.grad.clone() for p in tiny.parameters()]
    tiny.zero_grad()
    monkeypatch.setattr("sorted_train.model.KEPT_LOGITS_BYTES", 0)
    recomputed = tiny(**batch)["loss"]
    recomputed.backward()
    assert torch.equal(kept, recomputed)
    assert all(torch.allclose(g, p.grad, atol=1e-6) for g, p in zip(gradients, tiny.parameters()))


def test_sft_is_soft_with_the_last_exit_and_equals_transformers_own_loss(tiny, batch):
    ours = tiny.train_exits((6,))(**batch)["loss"]
    plain = LlamaForCausalLM(tiny.config)
    plain.load_state_dict(tiny.state_dict())
    theirs = plain(**batch).loss
    assert abs(ours - theirs) < 1e-5


def test_a_tied_head_learns_from_every_exit(batch):
    model = make_tiny(tie=True).train_exits(EXITS)
    model(**batch)["loss"].backward()
    ours = model.lm_head.weight.grad.clone()
    assert model.lm_head.weight is model.model.embed_tokens.weight
    model.zero_grad()
    model.train_exits((6,))(**batch)["loss"].backward()
    assert not torch.allclose(ours, model.lm_head.weight.grad)


def test_prompt_tokens_do_not_count(tiny, batch):
    before = tiny.train_exits(EXITS)(**batch)["loss"]
    batch["labels"][:, 0] = -100  # already so
    first_labelled = (batch["labels"][0] != -100).nonzero()[0]
    batch["labels"][0, first_labelled] = -100
    assert tiny(**batch)["loss"] != before


def test_accumulated_steps_add_up_to_one_large_step(tiny, batch):
    """num_items_in_batch is what Trainer passes when it accumulates gradients."""
    count = int((batch["labels"][:, 1:] != -100).sum())
    whole = tiny.train_exits(EXITS)(**batch)["loss"]
    rows = [{name: value[i : i + 1] for name, value in batch.items()} for i in range(3)]
    parts = [tiny(**row, num_items_in_batch=count)["loss"] for row in rows]
    assert abs(whole - sum(parts)) < 1e-5


def test_computing_a_shared_prompt_once_changes_nothing(tiny):
    """Rows of two templates, mixed: the first 20 tokens of each template are shared, then the rows differ."""
    generator = torch.Generator().manual_seed(3)
    draw = lambda length: torch.randint(3, 97, (length,), generator=generator).tolist()  # noqa: E731
    templates = [draw(20), draw(24)]
    prompts = [templates[row % 2] + draw(5) for row in range(5)]
    responses = [draw(length) for length in (3, 6, 2, 4, 5)]
    items = [
        {"input_ids": prompt + response, "labels": [-100] * len(prompt) + response}
        for prompt, response in zip(prompts, responses)
    ]
    batch = Collator(pad_id=2)(items)
    ours = tiny.train_exits(EXITS)(**batch)
    ours["loss"].backward()
    gradients = {name: p.grad.clone() for name, p in tiny.named_parameters()}
    tiny.zero_grad()
    expected = torch.stack(reference_losses(tiny, batch, EXITS))
    expected.mean().backward()
    assert torch.allclose(ours["exit_losses"], expected, atol=1e-5, rtol=0)
    for name, parameter in tiny.named_parameters():
        assert torch.allclose(gradients[name], parameter.grad, atol=1e-5, rtol=1e-4), name


def test_prefixes_are_found_per_template_and_stop_before_what_is_wanted():
    template_a, template_b = list(range(20)), list(range(50, 70))
    rows = torch.tensor([template_a + [1, 2], template_b + [1, 2], template_a + [3, 2]])
    assert [group.tolist() for group in groups_by_prefix(rows, torch.tensor([22, 22, 21]))] == [[2, 0], [1]]
    many = groups_by_prefix(rows[[0] * 40], torch.arange(40).flip(0))
    assert [len(group) for group in many] == [20, 20] and many[0].tolist() == list(range(39, 19, -1))
    nothing = torch.zeros(2, 22, dtype=torch.bool)
    assert shared_length(rows[[0, 2]], nothing) == 20
    wanted = nothing.clone()
    wanted[1, 7] = True
    assert shared_length(rows[[0, 2]], wanted) == 7
