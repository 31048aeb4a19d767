// Have a judge read two answers in both orders.
import { join } from 'node:path';
import { importCheckpoint, judgePrompt, NANO_FOLDER, openLocalJudge, parseJudgeText } from 'sorted-eval';

const instruction = { instruction: 'What is the first letter of this word?', input: 'wignut' };
const [a, b] = ['w', 't'];
importCheckpoint(join(NANO_FOLDER, 'models', 'judge'), 'judge-model', { replace: true });
const judge = await openLocalJudge('judge-model', {
  label: 'nano judge',
  decoding: 'beams',
  maxNewTokens: 512,
  batchSize: 8,
});
const prompts = [
  { tag: 'ab', text: judgePrompt(instruction, a, b) },
  { tag: 'ba', text: judgePrompt(instruction, b, a) },
];
for await (const reply of judge.ask(prompts)) {
  if ('error' in reply) throw new Error(reply.error);
  const { slotVerdict, reason } = parseJudgeText(reply.rawText ?? '');
  console.log(`order ${reply.tag}: ${slotVerdict} (${reason})`);
}
await judge.close();
