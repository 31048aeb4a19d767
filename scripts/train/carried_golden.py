"""Write what adaptive depth gives when skipped layers get their keys and values from the state at which a token left.

    for m in sft soft early-exit; do python scripts/train/carried_golden.py --model eval-data/nano/models/$m \
        --prompts eval-data/nano/data/test.json --count 12 --out test/golden/carried/nano-$m.json; done

CALM's way (Schuster et al. 2022, "state propagation"), in plain PyTorch with transformers' own layers as holders of weights: the
prompt is read at full depth; a generated token runs layer by layer until an exit is sure enough, and every layer above takes
that exit's state through its own input norm and its projections of keys and values.
"""

import math

import torch
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from adaptive_golden import MAX_NEW_TOKENS, Rule, parse_args, write_golden
from sorted_train.submodels import Checkpoint, load_checkpoint


class Decoder:
    """One sequence; for each layer the keys and values [kvH, T, hd] of its tokens."""

    def __init__(self, checkpoint: Checkpoint, rule: Rule):
        self.model, self.heads, self.rule = checkpoint.model, checkpoint.heads, rule
        self.exits = checkpoint.exits.layers
        self.cache = [([], []) for _ in self.model.model.layers]

    def read(self, ids: list[int]) -> tuple[int, int]:
        """The prompt, at full depth; its first token may leave early."""
        for id in ids:
            state, position, token = self.embed(id), len(self.cache[0][0]), None
            for n, layer in enumerate(self.model.model.layers, 1):
                state = self.layer(n - 1, layer, state, position)
                token = token or self.choice(n, state)
        return token

    def step(self, id: int) -> tuple[int, int]:
        state, position, token = self.embed(id), len(self.cache[0][0]), None
        for n, layer in enumerate(self.model.model.layers, 1):
            if token:
                self.remember(n - 1, layer, state, position)
                continue
            state = self.layer(n - 1, layer, state, position)
            token = self.choice(n, state)
        return token

    def embed(self, id: int) -> torch.Tensor:
        return self.model.model.embed_tokens(torch.tensor([[id]]))  # [1, 1, D]

    def choice(self, n: int, state: torch.Tensor) -> tuple[int, int] | None:
        """The token and the exit, if layer n is an exit that is sure enough, or the last."""
        is_last = n == self.exits[-1]
        if n not in self.rule.thresholds and not is_last:
            return None
        logits = self.heads[n](self.model.model.norm(state))[0, 0]
        if is_last or self.rule.is_sure(logits, n):
            return int(logits.argmax()), n
        return None

    def remember(self, index: int, layer, state: torch.Tensor, position: int) -> torch.Tensor:
        """Stores the layer's key and value of a state, and returns its rotated query [H, 1, hd]."""
        attention, x = layer.self_attn, layer.input_layernorm(state)
        heads = [p(x).view(1, 1, -1, attention.head_dim).transpose(1, 2) for p in (attention.q_proj, attention.k_proj, attention.v_proj)]
        cos, sin = self.model.model.rotary_emb(x, torch.tensor([[position]]))
        query, key = apply_rotary_pos_emb(heads[0], heads[1], cos, sin)
        self.cache[index][0].append(key[0])
        self.cache[index][1].append(heads[2][0])
        return query[0]

    def layer(self, index: int, layer, state: torch.Tensor, position: int) -> torch.Tensor:
        query = self.remember(index, layer, state, position)
        keys, values = (torch.cat(stored, 1).repeat_interleave(layer.self_attn.num_key_value_groups, 0) for stored in self.cache[index])
        weights = (query @ keys.transpose(1, 2) / math.sqrt(query.shape[-1])).softmax(-1)  # [H, 1, T]
        mixed = layer.self_attn.o_proj((weights @ values).transpose(0, 1).reshape(1, 1, -1))
        state = state + mixed
        return state + layer.mlp(layer.post_attention_layernorm(state))


@torch.inference_mode()
def answer(checkpoint: Checkpoint, prompt_ids: list[int], rule: Rule, eos: set[int]) -> dict:
    decoder = Decoder(checkpoint, rule)
    token, exit = decoder.read(prompt_ids)
    ids, left_at = [token], [exit]
    while len(ids) < MAX_NEW_TOKENS and ids[-1] not in eos:
        token, exit = decoder.step(ids[-1])
        ids.append(token)
        left_at.append(exit)
    return {"ids": ids, "exits": left_at}


def main() -> None:
    args = parse_args(__doc__)
    checkpoint = load_checkpoint(args.model)
    write_golden(args, checkpoint, lambda prompt_ids, rule, eos: answer(checkpoint, prompt_ids, rule, eos))


if __name__ == "__main__":
    main()
