/**
 * Writes token ids of judge prompts for scripts/train/beam_golden.py: of a sweep's answers, or of labelled pairs.
 *
 *     npx tsx scripts/judge-prompts.ts eval-data/nano/sweep.yaml 120 /tmp/prompts.json
 *     npx tsx scripts/judge-prompts.ts testset-v1.json 32 /tmp/prompts.json checkpoints/smollm2
 *
 * Of a sweep, one prompt for each instruction in turn, the pair of exits and the order changing with it; answers come
 * from the sweep's results file, so run its generate stage first. Of labelled pairs (PandaLM's `testset-v1.json`), that
 * many, spread over those whose prompts have at most 256 tokens, so that slow references end; the order alternates.
 */
import { writeFileSync } from 'node:fs';
import { silentProgress } from '../src/core/progress.ts';
import { readHumanLabels } from '../src/data/human-labels.ts';
import { closeSweep, openSweep } from '../src/evaluate/open-sweep.ts';
import { readResponseTexts } from '../src/evaluate/plan/response-texts.ts';
import { judgePrompt } from '../src/judge/protocols/pandalm-prompt.ts';
import { openTokenizer } from '../src/model/tokenizer/tokenizer.ts';
import { sweepJudgeFolder } from './judge-folder.ts';

const MAX_PROMPT_TOKENS = 256;

const [path, count, out, judgeFolder] = process.argv.slice(2);
if (!path || !count || !out) {
  throw new Error(
    'usage: judge-prompts.ts <sweep.yaml | pairs.json> <count> <out.json> [judge of the pairs]',
  );
}
const prompts = judgeFolder ? ofPairs(judgeFolder, path, Number(count)) : await ofSweep(path, Number(count));
writeFileSync(out, JSON.stringify(prompts));

async function ofSweep(path: string, count: number): Promise<number[][]> {
  const sweep = await openSweep(path, { progress: silentProgress });
  const answers = readResponseTexts(sweep);
  const tokenizer = openTokenizer(await sweepJudgeFolder(sweep));
  const prompts = Array.from({ length: count }, (_, index) => {
    const instruction = sweep.instructions[index % sweep.instructions.length]!;
    const { modelA, modelB, exitsA, exitsB } = sweep.comparisons[index % sweep.comparisons.length]!;
    const a = answers(modelA, exitsA[(index * 3) % exitsA.length]!, instruction.id)!;
    const b = answers(modelB, exitsB[(index * 5) % exitsB.length]!, instruction.id)!;
    return tokenizer.encode(
      index % 2 === 0 ? judgePrompt(instruction, a, b) : judgePrompt(instruction, b, a),
    );
  });
  closeSweep(sweep);
  return prompts;
}

function ofPairs(judgeFolder: string, path: string, count: number): number[][] {
  const tokenizer = openTokenizer(judgeFolder);
  const prompts = readHumanLabels(path)
    .map((pair, index) => {
      const { response1, response2 } = pair;
      const [first, second] = index % 2 === 0 ? [response1, response2] : [response2, response1];
      return tokenizer.encode(judgePrompt(pair, first, second));
    })
    .filter(({ length }) => length <= MAX_PROMPT_TOKENS);
  return Array.from({ length: count }, (_, index) => prompts[Math.floor((index * prompts.length) / count)]!);
}
