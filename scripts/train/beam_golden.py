"""Write what transformers' beam search answers, under the rule of the transformers version that runs this script.

    python scripts/train/beam_golden.py --model eval-data/nano/models/judge --prompts prompts.json --out golden.json

`prompts.json` is a list of lists of token ids, so that both versions see the same ids. Run it twice: with the pinned
requirements (answers are ranked by the length of the answer alone), and with PandaLM's transformers 4.28.1 first on
the path (`pip install --no-deps --target DIR transformers==4.28.1 tokenizers==0.13.3 huggingface_hub==0.14.1`, then
`PYTHONPATH=DIR`): ranked by the length of prompt and answer together.

4.28.1 knows neither grouped-query attention nor another rope theta than 10,000, so for it the key and value heads are
repeated, which computes the same, and the rotary tables are made anew.
"""

import argparse
import json
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file
from transformers import LlamaConfig, LlamaForCausalLM

NUM_BEAMS, REPETITION_PENALTY = 4, 1.2


def main() -> None:
    args = parse_args()
    torch.set_num_threads(args.threads)
    config = json.loads((args.model / "config.json").read_text())
    generation = json.loads((args.model / "generation_config.json").read_text())
    eos = generation.get("eos_token_id", config["eos_token_id"])
    model = load_old(args.model, config) if is_old() else LlamaForCausalLM.from_pretrained(args.model, dtype=torch.float32)
    model.eval()
    prompts = json.loads(args.prompts.read_text())[: args.count]
    cases = [{"prompt_ids": ids, "answer_ids": answer(model, ids, eos, args.max_new_tokens)} for ids in prompts]
    head = {"model": args.model.name, "torch": torch.__version__, "transformers": transformers.__version__}
    settings = {"num_beams": NUM_BEAMS, "repetition_penalty": REPETITION_PENALTY, "max_new_tokens": args.max_new_tokens}
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    args.out.write_text(f'{json.dumps(head | settings)[:-1]}, "cases": [\n{lines}\n]}}\n')


@torch.inference_mode()
def answer(model: LlamaForCausalLM, ids: list[int], eos: int | list[int], max_new_tokens: int) -> list[int]:
    eos_ids = eos if isinstance(eos, list) else [eos]
    output = model.generate(
        input_ids=torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        num_beams=NUM_BEAMS,
        do_sample=False,
        early_stopping=True,
        repetition_penalty=REPETITION_PENALTY,
        max_new_tokens=max_new_tokens,
        eos_token_id=eos,
        pad_token_id=eos_ids[0],
    )
    return output[0, len(ids) :].tolist()


def is_old() -> bool:
    return transformers.__version__.startswith("4.2")


def load_old(folder: Path, config: dict) -> LlamaForCausalLM:
    heads, kv_heads = config["num_attention_heads"], config.get("num_key_value_heads") or config["num_attention_heads"]
    head_dim = config["hidden_size"] // heads
    assert config.get("head_dim") in (None, head_dim), "4.28.1 has no head size of its own"
    old = LlamaConfig(
        vocab_size=config["vocab_size"],
        hidden_size=config["hidden_size"],
        intermediate_size=config["intermediate_size"],
        num_hidden_layers=config["num_hidden_layers"],
        num_attention_heads=heads,
        rms_norm_eps=config["rms_norm_eps"],
        max_position_embeddings=config["max_position_embeddings"],
        bos_token_id=config["bos_token_id"],
        eos_token_id=config["eos_token_id"],
        pad_token_id=config.get("pad_token_id"),
    )
    model = LlamaForCausalLM(old)
    weights = load_file(folder / "model.safetensors")
    weights.setdefault("lm_head.weight", weights["model.embed_tokens.weight"])
    repeats = heads // kv_heads
    for name in weights:
        if name.endswith(("k_proj.weight", "v_proj.weight")):
            weights[name] = weights[name].view(kv_heads, head_dim, -1).repeat_interleave(repeats, 0).reshape(heads * head_dim, -1)
    missing, unexpected = model.load_state_dict(weights, strict=False)
    assert not unexpected and all("inv_freq" in name for name in missing), (missing, unexpected)
    rope = config.get("rope_parameters") or config
    for layer in model.model.layers:
        rotary = type(layer.self_attn.rotary_emb)
        layer.self_attn.rotary_emb = rotary(head_dim, config["max_position_embeddings"], base=rope.get("rope_theta", 10000.0))
    return model


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True)
    parser.add_argument("--count", type=int)
    parser.add_argument("--max-new-tokens", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
