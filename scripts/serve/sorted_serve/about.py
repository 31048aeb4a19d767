"""What /v1/models says of a checkpoint."""

from .checkpoint import Checkpoint
from .identity import device_name, fingerprint

API_VERSION = 1  # of docs/server-api.md
FEATURES = ("beams", "loglikelihood", "kl", "speed")
PRECISIONS = {"float32": "fp32", "float16": "fp16", "bfloat16": "bf16"}


def about(name: str, checkpoint: Checkpoint) -> dict:
    return {
        "object": "model",
        "owned_by": "sorted-eval",
        "root": name,
        "exits": list(checkpoint.exits),
        "layers": checkpoint.layers,
        "kind": checkpoint.kind,
        "precision": PRECISIONS[checkpoint.dtype],
        "weights_sha256": checkpoint.weights_sha256,
        "max_model_len": checkpoint.context_length,
        "has_chat_template": False,
        "sorted_api": API_VERSION,
        "features": list(FEATURES),
        "engine": _engine(checkpoint),
        "device": device_name(checkpoint.device),
        "vocab_size": checkpoint.config.vocab_size,
        "tokenizer_sha256": checkpoint.tokenizer_sha256,
        "system_fingerprint": fingerprint_of(checkpoint),
    } | _sizes(checkpoint)


def fingerprint_of(checkpoint: Checkpoint) -> str:
    """Of all that answers depend on."""
    own = (checkpoint.weights_sha256, checkpoint.configuration_sha256, checkpoint.tokenizer_sha256)
    return fingerprint(_engine(checkpoint), checkpoint.dtype, checkpoint.kind, *own)


def _engine(checkpoint: Checkpoint) -> str:
    """Devices round differently."""
    return f"pytorch/{checkpoint.device.type}"


def _sizes(checkpoint: Checkpoint) -> dict:
    """Parameters of the whole network by part, and bytes in memory."""
    model = checkpoint.model
    embedding, head = model.model.embed_tokens.weight, model.lm_head.weight
    extra = {id(one): one.weight for one in checkpoint.heads.values() if one is not model.lm_head}
    body = sum(one.numel() for one in model.model.parameters()) - embedding.numel()
    counts = {
        "body": body,
        "embedding": embedding.numel(),
        "head": 0 if head is embedding or head.data_ptr() == embedding.data_ptr() else head.numel(),
        "extra_heads": sum(one.numel() for one in extra.values()),
    }
    each = head.element_size()
    sizes = {"weight_bytes": each * sum(counts.values()), "extra_head_bytes": each * counts["extra_heads"]}
    return {"parameters": counts} | sizes
