"""Writes the first n layers of a checkpoint as GGUF in F32 for llama.cpp: job {model, layers, out}.

Names and the order of the query and key rows are those of llama.cpp's convert_hf_to_gguf.py.
"""

import json
import os
from pathlib import Path

from serve import serve
from truncate import is_kept

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def main(job: dict) -> dict:
    import gguf

    source, out = Path(job["model"]), Path(job["out"])
    config = json.loads((source / "config.json").read_text())
    unfinished = out.with_suffix(".part")
    writer = gguf.GGUFWriter(unfinished, "llama")
    add_shape(writer, config, job["layers"])
    add_tokenizer(writer, source, config)
    add_weights(writer, source, config, job["layers"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    os.replace(unfinished, out)
    return {}


def add_shape(writer, config: dict, layers: int) -> None:
    writer.add_block_count(layers)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base((config.get("rope_parameters") or config)["rope_theta"])
    writer.add_vocab_size(config["vocab_size"])


def add_tokenizer(writer, source: Path, config: dict) -> None:
    """llama.cpp refuses a file without one, though the bench gives it token ids."""
    import gguf

    tokenizer = json.loads((source / "tokenizer.json").read_text())
    added = {token["id"]: token["content"] for token in tokenizer["added_tokens"]}
    tokens = {id: token for token, id in tokenizer["model"]["vocab"].items()} | added
    ids = range(config["vocab_size"])
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list([tokens.get(id, f"[unused{id}]") for id in ids])
    writer.add_token_types([control if id in added else normal for id in ids])
    merges = tokenizer["model"]["merges"]
    writer.add_token_merges([merge if isinstance(merge, str) else " ".join(merge) for merge in merges])
    generation = json.loads((source / "generation_config.json").read_text())
    eos = generation["eos_token_id"]
    writer.add_eos_token_id(eos[0] if isinstance(eos, list) else eos)
    writer.add_bos_token_id(config["bos_token_id"])


def add_weights(writer, source: Path, config: dict, layers: int) -> None:
    from safetensors.torch import load_file  # NumPy has no bfloat16

    for name, weight in load_file(source / "model.safetensors").items():
        if not is_kept(name, layers):
            continue
        weight = weight.float().numpy()
        if name.endswith("q_proj.weight"):
            weight = interleaved(weight, config["num_attention_heads"])
        if name.endswith("k_proj.weight"):
            weight = interleaved(weight, config["num_key_value_heads"])
        writer.add_tensor(gguf_name(name), weight)


def gguf_name(name: str) -> str:
    if name == "model.embed_tokens.weight":
        return "token_embd.weight"
    if name == "model.norm.weight":
        return "output_norm.weight"
    if name == "lm_head.weight":
        return "output.weight"
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{NAMES[rest.removesuffix('.weight')]}.weight"


def interleaved(weight, heads: int):
    """Hugging Face rotates the halves of a head, llama.cpp neighbouring rows."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


if __name__ == "__main__":
    serve(main)
