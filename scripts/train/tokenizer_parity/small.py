"""Five small tokenizers with the pipelines of the large ones, trained on the sentences that they are compared on."""

import json
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers.tokenization_utils_base import generate_merges

from .texts import SENTENCES

SIZE = 900
SMOLLM2_SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<repo_name>", "<file_sep>")
LLAMA3_SPECIALS = ("<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|start_header_id|>")
LLAMA3_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2_PATTERN = LLAMA3_PATTERN.replace(r"\p{N}{1,3}", r"\p{N}")
QWEN2_SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))


def write_small_tokenizers(out: Path) -> list[Path]:
    llama2 = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "[PAD]"}
    llama3 = {"bos_token": LLAMA3_SPECIALS[0], "eos_token": LLAMA3_SPECIALS[1]}
    smollm2 = {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "unk_token": "<|endoftext|>"}
    qwen2 = {"eos_token": QWEN2_SPECIALS[2], "pad_token": QWEN2_SPECIALS[0]}
    return [
        write(out / "smollm2-style", smollm2_style(), smollm2),
        write(out / "llama2-style", llama2_style(), llama2),
        write(out / "llama2-metaspace", llama2_metaspace(), llama2),
        write(out / "llama3-style", llama3_style(), llama3),
        write(out / "qwen2-style", qwen2_style(), qwen2),
    ]


def write(folder: Path, tokenizer: Tokenizer, settings: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(f"{text}\n")
    config = {"tokenizer_class": "PreTrainedTokenizerFast"} | settings
    (folder / "tokenizer_config.json").write_text(f"{json.dumps(config)}\n")
    return folder


def smollm2_style() -> Tokenizer:
    """Byte level, digits one by one, and as in SmolLM2 no token for the bytes that the training text has not."""
    tokenizer = Tokenizer(models.BPE())
    digits = pre_tokenizers.Digits(individual_digits=True)
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, to_bytes])
    train(tokenizer, SMOLLM2_SPECIALS)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def llama3_style() -> Tokenizer:
    """LLaMA 3's pattern; words that no merge reaches are tokens all the same; special tokens after the vocabulary."""
    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(LLAMA3_PATTERN), behavior="isolated")
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, to_bytes])
    train(tokenizer, (), pre_tokenizers.ByteLevel.alphabet())
    model = json.loads(tokenizer.to_str())["model"]
    merges = [tuple(merge) for place, merge in enumerate(model["merges"]) if place % 5]
    tokenizer.model = models.BPE(vocab=model["vocab"], merges=merges, ignore_merges=True)
    tokenizer.add_special_tokens(list(LLAMA3_SPECIALS))
    tokenizer.add_tokens(["<tool>", AddedToken("<tool_call>", rstrip=True)])
    bos = LLAMA3_SPECIALS[0]
    template = processors.TemplateProcessing(single=f"{bos} $A", special_tokens=[(bos, tokenizer.token_to_id(bos))])
    tokenizer.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), template])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def qwen2_style() -> Tokenizer:
    """Composed characters (NFC), LLaMA 3's pattern but for single digits, no first token."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    split = pre_tokenizers.Split(Regex(QWEN2_PATTERN), behavior="isolated")
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, to_bytes])
    train(tokenizer, (), pre_tokenizers.ByteLevel.alphabet())
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in QWEN2_SPECIALS])
    tokenizer.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    return tokenizer


def llama2_style() -> Tokenizer:
    """As transformers converts SentencePiece: a text is one word that begins with ▁; unknown characters are bytes."""
    tokenizer = Tokenizer(sentencepiece_model())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    return with_llama2_frame(tokenizer)


def llama2_metaspace() -> Tokenizer:
    """What `legacy=False` and transformers 5 write for the same model."""
    tokenizer = Tokenizer(sentencepiece_model())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
    return with_llama2_frame(tokenizer)


def sentencepiece_model() -> models.BPE:
    """Vocabulary `<unk> <s> </s>`, bytes, pieces; as in LLaMA 2 a piece can be made by several merges."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Split("▁", behavior="merged_with_next")
    train(tokenizer, ("<unk>", "<s>", "</s>", *BYTES))
    vocab = json.loads(tokenizer.to_str())["model"]["vocab"] | {"▁▁": SIZE, "▁▁▁▁": SIZE + 1, "</": SIZE + 2}
    merges = generate_merges(vocab, {piece: -id for piece, id in vocab.items()}, skip_tokens=BYTES)
    return models.BPE(vocab=vocab, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)


def with_llama2_frame(tokenizer: Tokenizer) -> Tokenizer:
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    tokenizer.add_tokens([AddedToken("[PAD]", normalized=False), "<tool>"])
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    steps = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    tokenizer.decoder = decoders.Sequence(steps)
    return tokenizer


def train(tokenizer: Tokenizer, specials: tuple[str, ...], alphabet: list[str] | None = None) -> None:
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=list(specials), initial_alphabet=alphabet or [], show_progress=False
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
