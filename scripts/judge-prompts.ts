/**
 * Writes token ids of judge prompts of a sweep, for scripts/train/beam_golden.py:
 *
 *     npx tsx scripts/judge-prompts.ts eval-data/nano/sweep.yaml 120 /tmp/prompts.json
 *
 * One prompt for each instruction in turn, the pair of exits and the order changing with it; answers come from the
 * sweep's results file, so run its generate stage first.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgePrompt } from '../src/judge/prompt.ts';
import { openTokenizer } from '../src/model/tokenizer.ts';
import { readAnswerTexts } from '../src/sweep/answer-texts.ts';
import { closeSweep, openSweep } from '../src/sweep/open.ts';
import { silentProgress } from '../src/sweep/progress.ts';

const [path, count, out] = process.argv.slice(2);
if (!path || !count || !out) throw new Error('usage: judge-prompts.ts <sweep.yaml> <count> <out.json>');

const sweep = await openSweep(path, { progress: silentProgress });
const answers = readAnswerTexts(sweep);
const tokenizer = openTokenizer(join(sweep.config.output, 'models', '.judge'));
const prompts = Array.from({ length: Number(count) }, (_, index) => {
  const instruction = sweep.instructions[index % sweep.instructions.length]!;
  const { modelA, modelB, exitsA, exitsB } = sweep.comparisons[index % sweep.comparisons.length]!;
  const a = answers(modelA, exitsA[(index * 3) % exitsA.length]!, instruction.id);
  const b = answers(modelB, exitsB[(index * 5) % exitsB.length]!, instruction.id);
  return tokenizer.encode(index % 2 === 0 ? judgePrompt(instruction, a, b) : judgePrompt(instruction, b, a));
});
writeFileSync(out, JSON.stringify(prompts));
closeSweep(sweep);
