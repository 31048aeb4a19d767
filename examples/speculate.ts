// Let exit 6 draft for the full model: the same responses, sooner. `drafts` says what the draft was worth.
import { join } from 'node:path';
import { alpacaPrompt, NANO_FOLDER, openModel, readInstructions } from 'sorted-eval';

const instructions = readInstructions(join(NANO_FOLDER, 'data', 'test.json')).slice(0, 3);
const questions = instructions.map((instruction) => ({ tag: instruction, text: alpacaPrompt(instruction) }));
const model = await openModel('soft-model');
const options = { maxNewTokens: 48, speculative: { draft: 6, tokens: 4 } };
for await (const { tag, text, drafts } of model.answer(questions, options))
  console.log(
    `${tag.instruction}: ${text} | ${drafts?.accepted} of ${drafts?.drafted} drafted tokens accepted`,
  );
await model.close();
