// Open a model folder (see import-checkpoint.ts) and generate responses at three of its exits.
import { join } from 'node:path';
import { alpacaPrompt, NANO_FOLDER, openModel, readInstructions } from 'sorted-eval';

const instructions = readInstructions(join(NANO_FOLDER, 'data', 'test.json')).slice(0, 3);
const questions = instructions.map((instruction) => ({
  tag: instruction,
  text: alpacaPrompt(instruction),
  exits: [3, 6, 10],
}));
const model = await openModel('soft-model');
for await (const { tag, exit, text } of model.answer(questions, { maxNewTokens: 48 }))
  console.log(`${tag.instruction} | exit ${exit}: ${text} | known answer: ${tag.answer}`);
await model.close();
