"""Make a folder with the files of WeOpenML/PandaLM-7B-v1 around random weights, and write what PyTorch makes of it.

    pip install sentencepiece
    python scripts/train/pandalm_lookalike.py test/golden/pandalm-lookalike [--hidden-size 16 --layers 2]

Two pickled shards with an index, a SentencePiece model with `added_tokens.json`, no `tokenizer.json`, and
tokenizer files that call `</s>` the beginning while config.json and the weights begin with `<s>`. `golden.json` holds ids of
prompts (sentencepiece's, after `<s>`), greedy ids at each exit and beam search's answer (transformers').
large_checkpoint.py makes one of PandaLM-7B's size.
"""

import argparse
import io
import json
from pathlib import Path

import sentencepiece
import torch
from transformers import LlamaConfig, LlamaForCausalLM

import beam_golden
from golden import header, greedy, ids_of, to_json
from sorted_train.submodels import submodel
from tokenizer_parity.texts import SENTENCES

NAME = "pytorch_model-0000{}-of-00002.bin"
NEW_TOKENS = 24
LEAST_GAP = 3e-4
LEAST_KINDS = 3  # different tokens in an answer
VOCABULARY = 420  # and [PAD], as added_tokens.json has it
PROMPTS = (
    "What is 8 + 2?",
    "Below are two responses for a given task.\n\n### Evaluation:\n",
    "Wie heißt die Hauptstadt von Österreich?",
    "日本の首都は?  两个空格",
    "1\n2\n3\n",
    "naïve 🙂 café",
)


def main() -> None:
    args = parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "tokenizer.model").write_bytes(train_tokenizer())
    golden = header("pandalm-lookalike") | {"sentencepiece": sentencepiece.__version__}
    for seed in range(100):
        model = random_model(args, seed)
        save_weights(model, args.out)
        save_settings(model.config, args.out)
        if cases := cases_of(args.out):
            (args.out / "golden.json").write_text(to_json(golden | {"cases": cases}))
            return
    raise SystemExit("every answer is a near-tie or repeats one token")


def random_model(args: argparse.Namespace, seed: int) -> LlamaForCausalLM:
    """Weights are wide enough to spread the logits, and float16 holds them, as it does PandaLM's."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=VOCABULARY + 1,
        hidden_size=args.hidden_size,
        intermediate_size=args.intermediate_size,
        num_hidden_layers=args.layers,
        num_attention_heads=args.heads,
        max_position_embeddings=2048,
        initializer_range=0.25,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    return LlamaForCausalLM(config).half()


def save_weights(model: LlamaForCausalLM, out: Path) -> None:
    """As transformers 4.28 did, with the rotary buffers that it saved too."""
    state = dict(model.state_dict())
    for layer in range(model.config.num_hidden_layers):
        state[f"model.layers.{layer}.self_attn.rotary_emb.inv_freq"] = model.model.rotary_emb.inv_freq.clone()
    names = list(state)
    shards = {1: names[: len(names) // 2], 2: names[len(names) // 2 :]}
    for number, held in shards.items():
        torch.save({name: state[name] for name in held}, out / NAME.format(number))
    weight_map = {name: NAME.format(number) for number, held in shards.items() for name in held}
    size = sum(tensor.numel() * tensor.element_size() for tensor in state.values())
    write(out / "pytorch_model.bin.index.json", {"metadata": {"total_size": size}, "weight_map": weight_map})


def save_settings(config: LlamaConfig, out: Path) -> None:
    """The small files, with the contents that PandaLM's have."""
    ids = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
    sizes = ("hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers", "vocab_size")
    old = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "initializer_range": 0.02,
        "max_position_embeddings": 2048,
        "rms_norm_eps": config.rms_norm_eps,
        "tie_word_embeddings": False,
        "torch_dtype": "float16",
        "transformers_version": "4.28.1",
        "use_cache": True,
    }
    write(out / "config.json", old | ids | {key: getattr(config, key) for key in sizes})
    write(out / "generation_config.json", {"_from_model_config": True, "transformers_version": "4.28.1"} | ids)
    write(out / "added_tokens.json", {"[PAD]": VOCABULARY})
    write(
        out / "special_tokens_map.json",
        {"bos_token": "</s>", "eos_token": "</s>", "pad_token": "[PAD]", "unk_token": "</s>"},
    )
    tokens = {"bos_token": added_token("<s>"), "eos_token": added_token("</s>"), "unk_token": added_token("<unk>")}
    classes = {"add_bos_token": True, "add_eos_token": False, "tokenizer_class": "LlamaTokenizer", "use_fast": False}
    sides = {"clean_up_tokenization_spaces": False, "pad_token": None, "padding_side": "right"}
    write(out / "tokenizer_config.json", tokens | classes | sides | {"model_max_length": 2048, "sp_model_kwargs": {}})


def added_token(content: str) -> dict:
    flags = {"lstrip": False, "normalized": True, "rstrip": False, "single_word": False}
    return {"__type": "AddedToken", "content": content} | flags


def train_tokenizer() -> bytes:
    """With LLaMA's settings."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(sentence for sentence in SENTENCES if sentence.isascii()),
        model_writer=model,
        model_type="bpe",
        vocab_size=VOCABULARY,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        allow_whitespace_only_pieces=True,
        byte_fallback=True,
        split_digits=True,
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def cases_of(folder: Path) -> list[dict]:
    """Empty where an answer is a near-tie or repeats one token, so that equal ids would not mean equal networks."""
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    eos = model.config.eos_token_id
    cases = []
    for prompt in PROMPTS:
        ids = [model.config.bos_token_id, *processor.encode(prompt)]
        exits = range(1, model.config.num_hidden_layers + 1)
        answers = {n: greedy(submodel(model, n), ids, NEW_TOKENS, {eos}) for n in exits}
        if not all(is_telling(*answer) for answer in answers.values()):
            return []
        beams = beam_golden.answer(model, ids, [eos], NEW_TOKENS)
        cases.append({"prompt": prompt, "prompt_ids": ids} | ids_of(answers) | {"beams": beams})
    return cases


def is_telling(ids: list[int], logits: torch.Tensor) -> bool:
    first, second = logits.topk(2).values.unbind(-1)
    return len(set(ids)) >= LEAST_KINDS and float((first - second).min()) > LEAST_GAP


def write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--hidden-size", type=int, default=16)
    parser.add_argument("--intermediate-size", type=int, default=24)
    parser.add_argument("--heads", type=int, default=2)
    parser.add_argument("--layers", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
