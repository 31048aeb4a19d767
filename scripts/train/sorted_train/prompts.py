"""The two prompt templates, byte for byte: Alpaca's for answering, PandaLM's for judging."""

ALPACA_WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:\n"
)
ALPACA_WITHOUT_INPUT = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Response:\n"
)
PANDALM_WITH_INPUT = (
    "Below are two responses for a given task. "
    "The task is defined by the Instruction with an Input that provides further context. "
    "Evaluate the responses and generate a reference answer for the task.\n\n"
    "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n"
    "### Response 1:\n{response1}\n\n### Response 2:\n{response2}\n\n### Evaluation:\n"
)
PANDALM_WITHOUT_INPUT = (
    "Below are two responses for a given task. "
    "The task is defined by the Instruction. "
    "Evaluate the responses and generate a reference answer for the task.\n\n"
    "### Instruction:\n{instruction}\n\n"
    "### Response 1:\n{response1}\n\n### Response 2:\n{response2}\n\n### Evaluation:\n"
)

# What PandaLM removes from a response before it judges it.
SPECIAL_TOKENS = (
    "<unk>", "<pad>", "<s>", "</s>", "[PAD]", "<|endoftext|>", "[UNK]", "[CLS]", "[MASK]",
    "<|startofpiece|>", "<|endofpiece|>", "[gMASK]", "[sMASK]",
)  # fmt: skip


def alpaca_prompt(instruction: str, input: str = "") -> str:
    template = ALPACA_WITH_INPUT if input else ALPACA_WITHOUT_INPUT
    return _fill(template, instruction=instruction, input=input)


def pandalm_prompt(instruction: str, input: str, response1: str, response2: str) -> str:
    template = PANDALM_WITH_INPUT if input else PANDALM_WITHOUT_INPUT
    return _fill(
        template, instruction=instruction, input=input, response1=strip_special(response1), response2=strip_special(response2)
    )


def pandalm_answer(verdict: str, reason: str, reference: str) -> str:
    """What the judge is trained to write; verdict is "1", "2" or "Tie"."""
    return f"{verdict}\n\n### Reason: {reason}\n\n### Reference: {reference}\n"


def record_prompt(record: dict) -> str:
    """A record with two responses is a question for the judge, any other is an instruction."""
    instruction, input = record["instruction"], record.get("input", "")
    if "response1" in record:
        return pandalm_prompt(instruction, input, record["response1"], record["response2"])
    return alpaca_prompt(instruction, input)


def strip_special(response: str) -> str:
    for token in SPECIAL_TOKENS:
        response = response.replace(token, "")
    return response.strip()


def _fill(template: str, **values: str) -> str:
    # str.format leaves braces inside the values alone, unlike repeated str.replace.
    return template.format(**values)
