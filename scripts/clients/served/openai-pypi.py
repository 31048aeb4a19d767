"""OpenAI's package of PyPI: completions and chat, whole and streamed, several clients at once, an error. See run-client.ts."""

import asyncio
import os

import openai

client = openai.AsyncOpenAI(base_url=os.environ["BASE_URL"])
FORM = (
    "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{}\n\n### Response:\n"
)
QUESTIONS = ['Write the plural of "man".', 'Name the capital city of "Austria".', "What is 8 + 2?"]


async def completed(model: str) -> list[str]:
    prompts = [FORM.format(question) for question in QUESTIONS]
    answer = await client.completions.create(model=model, prompt=prompts, max_tokens=24, temperature=0)
    return [choice.text for choice in answer.choices]


async def streamed(model: str, question: str) -> str:
    messages = [{"role": "user", "content": question}]
    parts = await client.chat.completions.create(model=model, messages=messages, max_tokens=24, temperature=0, stream=True)
    return "".join([part.choices[0].delta.content or "" async for part in parts])


async def main() -> None:
    ids = [model.id async for model in client.models.list()]
    assert "soft@3" in ids, ids
    for model in ["soft@3", "soft"]:
        texts = await completed(model)
        assert texts == await asyncio.gather(*(streamed(model, question) for question in QUESTIONS))
    ids_in = await client.completions.create(
        model="soft", prompt=[0, 261, 333], max_tokens=4, logprobs=1, echo=True, extra_body={"return_token_ids": True}
    )
    assert ids_in.choices[0].prompt_token_ids == [0, 261, 333]
    assert ids_in.choices[0].logprobs.token_logprobs[0] is None
    try:
        await client.completions.create(model="soft", prompt=FORM * 40)
    except openai.BadRequestError as error:
        assert error.code == "context_length_exceeded"
    print(f"openai {openai.__version__} (PyPI): {texts}")


asyncio.run(main())
