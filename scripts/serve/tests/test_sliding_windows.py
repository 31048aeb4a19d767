"""Layers that see only the newest tokens, and layers without heads of their own: against transformers itself."""

import pytest
import torch
from sorted_serve.batcher import Batcher
from sorted_serve.checkpoint import CheckpointSettings, open_checkpoint
from sorted_serve.sorted_model import SortedModel
from transformers import AutoModelForCausalLM, AutoTokenizer, MistralConfig, Qwen2Config, Qwen3Config, set_seed

SHAPE = {
    "vocab_size": 97, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 4, "num_attention_heads": 4,
    "num_key_value_heads": 2, "initializer_range": 0.3, "max_position_embeddings": 64, "eos_token_id": None,
}  # fmt: skip
CONFIGS = [
    MistralConfig(**SHAPE, head_dim=8, sliding_window=5),
    Qwen2Config(**SHAPE, use_sliding_window=True, sliding_window=5, max_window_layers=2),
    Qwen3Config(**SHAPE, head_dim=8, tie_word_embeddings=True),
]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.model_type)
def test_ids_in_a_mixed_batch_equal_those_of_transformers_without_a_cache(config, tmp_path, repository, greedy):
    set_seed(1)
    made = AutoModelForCausalLM.from_config(config)
    made.save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(repository / "eval-data/nano/models/sft").save_pretrained(tmp_path)
    model = SortedModel(open_checkpoint(CheckpointSettings(tmp_path, exits=(2, 4))))
    prompts = [list(range(5, 5 + length)) for length in (3, 9, 14)]
    asked = [(ids, exit) for ids in prompts for exit in (2, 4)]
    own = Batcher(model)
    answers = [future.result(60).token_ids for future in own.answer([greedy(model, *one, 12) for one in asked])]
    own.close()
    assert answers == [uncached(made, *one, 12) for one in asked]


@torch.inference_mode()
def uncached(model, ids: list[int], exit: int, count: int) -> list[int]:
    """From the hidden states of a whole pass over all tokens so far."""
    answer: list[int] = []
    while len(answer) < count:
        out = model.model(torch.tensor([ids + answer]), output_hidden_states=True, use_cache=False)
        is_last = exit == len(model.model.layers)  # the last hidden state of transformers is normed already
        state = out.last_hidden_state[0, -1] if is_last else model.model.norm(out.hidden_states[exit][0, -1])
        answer.append(int(model.lm_head(state).argmax()))
    return answer
