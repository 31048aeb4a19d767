"""PyTorch for npm run bench: transformers' `generate` with its key/value cache, batched, the model cut to each depth."""

import time

from serve import serve

TRIAL_PROMPTS, TRIAL_TOKENS = 32, 8


def main(job: dict) -> dict:
    import torch
    import transformers

    torch.set_num_threads(job["threads"])
    started = time.perf_counter()
    path = job["models"][str(job["exits"][-1])]
    model = transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
    load_seconds = time.perf_counter() - started
    layers = model.model.layers
    answers, seconds, trials, batch_size = {}, {}, [], job["batchSizes"][0]
    for exit in job["exits"]:
        model.model.layers, model.config.num_hidden_layers = layers[:exit], exit
        if not trials:
            trials = try_batch_sizes(model, job)
            batch_size = min(trials, key=lambda trial: trial["seconds"])["batchSize"]
        started = time.perf_counter()
        answers[exit] = answer(model, job, job["prompts"], job["newTokens"], batch_size)
        seconds[exit] = time.perf_counter() - started
    return {
        "engine": f"PyTorch {torch.__version__}, transformers {transformers.__version__}",
        "batchSize": batch_size,
        "trials": trials,
        "loadSeconds": load_seconds,
        "seconds": sum(seconds.values()),
        "secondsByExit": seconds,
        "answers": answers,
    }


def try_batch_sizes(model, job: dict) -> list[dict]:
    prompts = job["prompts"][: max(TRIAL_PROMPTS, *job["batchSizes"], 0)]
    answer(model, job, prompts[:4], 2, 4)
    trials = []
    for batch_size in job["batchSizes"]:
        started = time.perf_counter()
        answer(model, job, prompts, TRIAL_TOKENS, batch_size)
        trials.append({"batchSize": batch_size, "seconds": time.perf_counter() - started})
    return trials


def answer(model, job: dict, prompts: list[list[int]], new_tokens: int, batch_size: int) -> list[list[int]]:
    """Batches of prompts of like length, padded at their left."""
    import torch

    pad = job["eosTokenIds"][0]
    order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
    answers: list[list[int]] = [[] for _ in prompts]
    for start in range(0, len(order), batch_size):
        places = order[start : start + batch_size]
        longest = max(len(prompts[place]) for place in places)
        ids = torch.tensor([[pad] * (longest - len(prompts[place])) + prompts[place] for place in places])
        mask = torch.tensor([[0] * (longest - len(prompts[place])) + [1] * len(prompts[place]) for place in places])
        with torch.inference_mode():
            output = model.generate(
                input_ids=ids,
                attention_mask=mask,
                do_sample=False,
                max_new_tokens=new_tokens,
                eos_token_id=job["eosTokenIds"],
                pad_token_id=pad,
            )
        for place, row in zip(places, output[:, longest:].tolist(), strict=True):
            answers[place] = row
    return answers


if __name__ == "__main__":
    serve(main)
