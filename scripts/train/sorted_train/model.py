"""A LLaMA that is trained at several exits, as SFT (last exit), as SoFT (all exits) or as early-exit (one head each)."""

import copy
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import LlamaForCausalLM

from .losses import exit_loss, recomputed_exit_loss, response_positions
from .submodels import EXIT_HEADS_FILE

RECOMPUTE_FROM_VOCABULARY = 4096  # below, keeping the logits costs less than computing them twice


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
        mask, targets = response_positions(labels)
        hidden = self.exit_states(input_ids, mask)
        token_count = targets.numel() if num_items_in_batch is None else num_items_in_batch
        losses = torch.stack([self.loss_of(n, hidden[n], targets, token_count) for n in self.exits])  # [exits]
        return {"loss": losses.mean(), "exit_losses": losses.detach()}

    def exit_states(self, input_ids: Tensor, mask: Tensor) -> dict[int, Tensor]:
        """Hidden states [R, D] of each exit at the positions of the mask.

        Batches are padded on the right, where a causal model never looks: without a mask attention is twice as fast.
        """
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.exit_heads is None):
            out = self.model(input_ids, output_hidden_states=True, use_cache=False)
        return {n: out.hidden_states[n][mask] for n in self.exits}

    def loss_of(self, exit: int, hidden: Tensor, targets: Tensor, token_count) -> Tensor:
        # transformers has applied the norm to the last of hidden_states already, and to no other.
        norm = nn.Identity() if exit == self.config.num_hidden_layers else self.model.norm
        loss = recomputed_exit_loss if self.config.vocab_size >= RECOMPUTE_FROM_VOCABULARY else exit_loss
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
