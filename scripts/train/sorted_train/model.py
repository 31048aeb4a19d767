"""A LLaMA that is trained at several exits, as SFT (last exit), as SoFT (all exits) or as early-exit (one head each)."""

import copy
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import DynamicCache, LlamaForCausalLM

from .data import IGNORED
from .losses import exit_loss, following_labels, recomputed_exit_loss
from .prefixes import groups_by_prefix, shared_length
from .submodels import EXIT_HEADS_FILE

KEPT_LOGITS_BYTES = 4 * 2**30  # above, the logits of all exits are computed twice instead of kept for the backward pass


class SortedLlama(LlamaForCausalLM):
    """An ordinary LLaMA but for forward(labels=...): the loss is the mean over self.exits.

    exits and heads are set by train_exits and train_exit_heads; state dict and checkpoints stay those of a LLaMA.
    """

    def __init__(self, config):
        super().__init__(config)
        self.exits: tuple[int, ...] = ()
        self.exit_heads: nn.ModuleDict | None = None

    def train_exits(self, exits: tuple[int, ...]) -> "SortedLlama":
        self.exits = exits
        return self

    def train_exit_heads(self, exits: tuple[int, ...]) -> "SortedLlama":
        """Freeze everything; every exit but the last gets a head of its own that starts as a copy of the trained one."""
        self.requires_grad_(False)
        self.exits = exits[:-1]
        self.exit_heads = nn.ModuleDict({str(n): copy.deepcopy(self.lm_head) for n in self.exits})
        self.exit_heads.requires_grad_(True)
        return self

    def head_of(self, exit: int) -> nn.Module:
        return self.lm_head if self.exit_heads is None else self.exit_heads[str(exit)]

    def forward(self, input_ids: Tensor, attention_mask=None, labels=None, num_items_in_batch=None, **kwargs):
        if labels is None:
            return super().forward(input_ids, attention_mask=attention_mask, **kwargs)
        targets = following_labels(labels)  # [B, T]
        lengths = torch.full_like(labels[:, 0], labels.shape[1]) if attention_mask is None else attention_mask.sum(1)  # [B]
        groups = groups_by_prefix(input_ids, lengths)
        states = [self.group_states(input_ids[rows], targets[rows] != IGNORED, int(lengths[rows].max())) for rows in groups]
        hidden = {n: torch.cat([state[n] for state in states]) for n in self.exits}  # [R, D]
        targets = torch.cat([targets[rows][targets[rows] != IGNORED] for rows in groups])  # [R]
        token_count = targets.numel() if num_items_in_batch is None else num_items_in_batch
        losses = torch.stack([self.loss_of(n, hidden[n], targets, token_count) for n in self.exits])  # [exits]
        return {"loss": losses.mean(), "exit_losses": losses.detach()}

    def group_states(self, input_ids: Tensor, wanted: Tensor, longest: int) -> dict[int, Tensor]:
        """Hidden states [R, D] of each exit at the wanted positions of the rows [B, T], of which the rest is padding."""
        input_ids, wanted = input_ids[:, :longest], wanted[:, :longest]
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.exit_heads is None):
            shared = 0 if self.is_activation_checkpointing else shared_length(input_ids, wanted)
            hidden_states = self.hidden_states(input_ids, shared)
        return {n: hidden_states[n][wanted[:, shared:]] for n in self.exits}

    def hidden_states(self, input_ids: Tensor, shared: int) -> tuple[Tensor, ...]:
        """All layers' states [B, T - shared, D]. The shared first tokens go through the model once, as one row.

        No attention mask: batches are padded on the right, where a causal model never looks.
        """
        if shared == 0:
            return self.model(input_ids, output_hidden_states=True, use_cache=False).hidden_states
        cache = DynamicCache(config=self.config)
        self.model(input_ids[:1, :shared], cache=cache, use_cache=True)
        cache.batch_repeat_interleave(len(input_ids))
        return self.model(input_ids[:, shared:], cache=cache, use_cache=True, output_hidden_states=True).hidden_states

    def loss_of(self, exit: int, hidden: Tensor, targets: Tensor, token_count) -> Tensor:
        # transformers has applied the norm to the last of hidden_states already, and to no other.
        norm = nn.Identity() if exit == self.config.num_hidden_layers else self.model.norm
        kept = 2 * 4 * len(self.exits) * len(targets) * self.config.vocab_size  # bytes: logits and log-probabilities in float32
        loss = exit_loss if kept <= KEPT_LOGITS_BYTES else recomputed_exit_loss
        return loss(hidden, norm, self.head_of(exit), targets, token_count)

    def save_pretrained(self, save_directory, state_dict=None, **kwargs) -> None:
        """A plain LLaMA checkpoint, or, for early-exit, its configuration and the exit heads alone."""
        folder = Path(save_directory)
        state_dict = self.state_dict() if state_dict is None else state_dict
        if self.exit_heads is None:
            super().save_pretrained(folder, state_dict=state_dict, **kwargs)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self.config.save_pretrained(folder)
            self.generation_config.save_pretrained(folder)
            heads = {name: w.contiguous() for name, w in state_dict.items() if name.startswith("exit_heads.")}
            save_file(heads, folder / EXIT_HEADS_FILE, metadata={"format": "pt"})
        _name_architecture(folder / "config.json")


def _name_architecture(config_file: Path) -> None:
    """transformers names the class that was saved, but this one is LLaMA to everyone else."""
    if config_file.exists():
        config = json.loads(config_file.read_text()) | {"architectures": ["LlamaForCausalLM"]}
        config_file.write_text(json.dumps(config, indent=2) + "\n")
