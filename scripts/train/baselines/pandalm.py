"""PandaLM's way of judging for npm run bench: transformers, one prompt at a time (`pandalm_inference.py`)."""

import time

from serve import serve


def main(job: dict) -> dict:
    import torch
    import transformers

    torch.set_num_threads(job["threads"])
    started = time.perf_counter()
    model = transformers.AutoModelForCausalLM.from_pretrained(job["model"], dtype=torch.float32).eval()
    load_seconds = time.perf_counter() - started
    started = time.perf_counter()
    answers = [judge(model, ids, job["newTokens"]) for ids in job["promptIds"]]
    return {
        "engine": f"transformers {transformers.__version__}, one prompt at a time",
        "loadSeconds": load_seconds,
        "seconds": time.perf_counter() - started,
        "answers": answers,
    }


def judge(model, ids: list[int], new_tokens: int) -> list[int]:
    import torch

    with torch.inference_mode():
        output = model.generate(
            input_ids=torch.tensor([ids]),
            attention_mask=torch.ones(1, len(ids), dtype=torch.long),
            num_beams=4,
            do_sample=False,
            early_stopping=True,
            repetition_penalty=1.2,
            max_new_tokens=new_tokens,
        )
    return output[0, len(ids) :].tolist()


if __name__ == "__main__":
    serve(main)
