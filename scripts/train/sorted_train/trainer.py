"""transformers.Trainer with the loss of each exit and tokens per second in its log."""

import csv
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import Trainer, TrainerCallback

from .submodels import EXIT_HEADS_FILE

LOG_FILE = "training_log.csv"


class SortedTrainer(Trainer):
    def __init__(self, *args, exits: tuple[int, ...], **kwargs):
        super().__init__(*args, **kwargs)
        self.exits = exits
        self.start_window()

    def start_window(self) -> None:
        self.exit_loss_sum = torch.zeros(len(self.exits))
        self.window_tokens, self.window_seconds, self.window_start = 0, 0.0, None

    def training_step(self, model, inputs, num_items_in_batch=None) -> torch.Tensor:
        if self.window_start is None:
            self.window_start = self.state.global_step
        tokens = int(inputs["attention_mask"].sum())
        started = time.perf_counter()
        loss = super().training_step(model, inputs, num_items_in_batch)
        self.window_seconds += time.perf_counter() - started
        self.window_tokens += tokens
        return loss

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        loss, outputs = super().compute_loss(model, inputs, True, num_items_in_batch)
        self.exit_loss_sum += outputs["exit_losses"].cpu()
        return (loss, outputs) if return_outputs else loss

    def _load_from_checkpoint(self, resume_from_checkpoint, model=None) -> None:
        """A step checkpoint of early-exit holds the exit heads alone; the frozen layers are there already."""
        heads = Path(resume_from_checkpoint) / EXIT_HEADS_FILE
        if heads.exists():
            unexpected = (model or self.model).load_state_dict(load_file(heads), strict=False).unexpected_keys
            if unexpected:
                raise ValueError(f"{heads}: expected heads of this model's exits, found {', '.join(unexpected)}")
        else:
            super()._load_from_checkpoint(resume_from_checkpoint, model)

    def log(self, logs: dict[str, float], *args, **kwargs) -> None:
        """Loss per exit and tokens/s since the last log. Tokens of this process alone, forward and backward pass."""
        if "loss" in logs and self.window_tokens:
            steps = max(1, self.state.global_step - self.window_start)
            logs |= {f"loss_exit_{n}": float(s) / steps for n, s in zip(self.exits, self.exit_loss_sum)}
            logs["tokens_per_second"] = self.window_tokens / self.window_seconds
            logs["tokens"] = self.window_tokens
            self.start_window()
        super().log(logs, *args, **kwargs)

    def write_log(self, folder: Path) -> None:
        """One row a logged step: step, learning rate, loss, loss per exit, tokens/s, tokens seen so far."""
        columns = ["step", "learning_rate", "loss", *(f"loss_exit_{n}" for n in self.exits), "tokens_per_second"]
        seen = 0
        with open(folder / LOG_FILE, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*columns, "tokens_seen"])
            for entry in self.state.log_history:
                if "tokens_per_second" in entry:
                    seen += entry["tokens"]
                    writer.writerow([f"{entry[name]:.6g}" for name in columns] + [seen])


class StopAt(TrainerCallback):
    """Ends a run before its schedule does, so that the learning rate is still high."""

    def __init__(self, step: int):
        self.step = step

    def on_step_end(self, args, state, control, **kwargs):
        control.should_training_stop = state.global_step >= self.step
