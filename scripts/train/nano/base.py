"""Write the untrained nano LLaMA, with its tokenizer, as a checkpoint to start from.

    cd scripts/train && python -m nano.base --out /tmp/nano/init
"""

import argparse
from pathlib import Path

from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, set_seed

from sorted_train.tokenizers import save_tokenizer

from .tokenizer import make_tokenizer

SEED = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    tokenizer = make_tokenizer()
    set_seed(SEED)
    model = LlamaForCausalLM(nano_config(tokenizer))
    ids = {name: getattr(model.config, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    model.generation_config = GenerationConfig(**ids)
    model.save_pretrained(args.out)
    save_tokenizer(tokenizer, args.out)
    print(f"{args.out}: {sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters")


def nano_config(tokenizer) -> LlamaConfig:
    """Ten layers, so that the paper's exits are 3 to 10; two query heads share each key/value head."""
    return LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=320,
        num_hidden_layers=10,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        tie_word_embeddings=False,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


if __name__ == "__main__":
    main()
