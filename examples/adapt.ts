// Let each token leave at the first exit that gives it a probability of 0.9. `tokenExits` says where each one left.
import { join } from 'node:path';
import { alpacaPrompt, NANO_FOLDER, openModel, readInstructions } from 'sorted-eval';

const instructions = readInstructions(join(NANO_FOLDER, 'data', 'test.json')).slice(0, 3);
const questions = instructions.map((instruction) => ({ tag: instruction, text: alpacaPrompt(instruction) }));
const model = await openModel('soft-model');
const options = { maxNewTokens: 48, adaptive: { threshold: 0.9 } };
for await (const { tag, text, tokenExits } of model.answer(questions, options))
  console.log(`${tag.instruction}: ${text} | tokens left at exits ${tokenExits?.join(', ')}`);
await model.close();
