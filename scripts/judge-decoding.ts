/**
 * Tries ways of decoding on one judge: how often it prefers the only right answer, and keeps its verdict on swapping.
 *
 *     npx tsx scripts/judge-decoding.ts eval-data/nano/sweep.yaml 200
 *
 * That many pairs of responses of which exactly one is right, spread over instructions, comparisons and exits, each in both orders;
 * answers come from the sweep's results file, so run its generate stage first. The judge is a model folder.
 */

import type { SlotVerdict } from '../src/core/domain.ts';
import { silentProgress } from '../src/core/progress.ts';
import { promptText } from '../src/data/prompt-parts.ts';
import { beamSearch } from '../src/engine/beam/beam-search.ts';
import { FullDepthModel } from '../src/engine/session/full-depth-model.ts';
import { closeSweep, openSweep } from '../src/evaluate/open-sweep.ts';
import { readResponseTexts } from '../src/evaluate/plan/response-texts.ts';
import { pandalm } from '../src/judge/protocols/pandalm.ts';
import { toOutcome } from '../src/judge/reconcile.ts';
import type { Share } from '../src/metrics/share.ts';
import { openTokenizer } from '../src/model/tokenizer/tokenizer.ts';
import { alignedText } from '../src/terminal/terminal-layout.ts';
import { isExactMatch } from '../test/support/oracles/exact-match.ts';
import { flipRate } from '../test/support/oracles/flip-rate.ts';
import { judgeVsKnown, type KnownPair } from '../test/support/oracles/judge-vs-known.ts';
import { sweepJudgeFolder } from './judge-folder.ts';

/** One beam without a penalty is greedy decoding. */
const DECODINGS = [
  { title: 'greedy', numBeams: 1, repetitionPenalty: 1, rule: 'transformers-4.28' },
  { title: 'greedy, penalty 1.2', numBeams: 1, repetitionPenalty: 1.2, rule: 'transformers-4.28' },
  { title: '4 beams, penalty 1', numBeams: 4, repetitionPenalty: 1, rule: 'transformers-4.28' },
  {
    title: "4 beams, penalty 1.2 (PandaLM's)",
    numBeams: 4,
    repetitionPenalty: 1.2,
    rule: 'transformers-4.28',
  },
  { title: '4 beams, penalty 1, rule of 4.36', numBeams: 4, repetitionPenalty: 1, rule: 'transformers-4.36' },
  {
    title: '4 beams, penalty 1.2, rule of 4.36',
    numBeams: 4,
    repetitionPenalty: 1.2,
    rule: 'transformers-4.36',
  },
] as const;
const COLUMNS = ['right preferred', 'kept', 'first slot', '1', '2', 'tie', 'malformed'];

const [path, count] = process.argv.slice(2);
if (!path || !count) throw new Error('usage: judge-decoding.ts <sweep.yaml> <pairs>');

const sweep = await openSweep(path, { progress: silentProgress });
const pairs = decidedPairs(Number(count));
const folder = await sweepJudgeFolder(sweep);
closeSweep(sweep);
const tokenizer = openTokenizer(folder);
const network = await FullDepthModel.open(folder);
const rows: string[][] = [];
for (const decoding of DECODINGS) rows.push([decoding.title, ...(await measure(decoding))]);
console.log(alignedText([[`${pairs.length} pairs, %`, ...COLUMNS], ...rows]));
await network.close();

type Pair = Omit<KnownPair, 'outcome'> & { readonly instruction: (typeof sweep.instructions)[number] };

/** Every n-th of the pairs with one right answer. */
function decidedPairs(wanted: number): Pair[] {
  const answers = readResponseTexts(sweep);
  const found: Pair[] = [];
  for (const { modelA, modelB, exitsA, exitsB } of sweep.comparisons) {
    for (const instruction of sweep.instructions) {
      const known = instruction.answer ?? '';
      for (const exitA of exitsA) {
        for (const exitB of exitsB) {
          const answerA = answers(modelA, exitA, instruction.id) ?? '';
          const answerB = answers(modelB, exitB, instruction.id) ?? '';
          if (isExactMatch(answerA, known) !== isExactMatch(answerB, known))
            found.push({ answerA, answerB, known, instruction });
        }
      }
    }
  }
  const step = Math.max(1, found.length / wanted);
  return Array.from(
    { length: Math.min(wanted, found.length) },
    (_, index) => found[Math.floor(index * step)]!,
  );
}

async function measure(decoding: (typeof DECODINGS)[number]): Promise<string[]> {
  const prompts = pairs.flatMap(({ instruction, answerA, answerB }, index) =>
    [[answerA, answerB] as const, [answerB, answerA] as const].map((responses, order) => ({
      tag: 2 * index + order,
      ids: tokenizer.encode(promptText(pandalm.prompt({ instruction, responses }))),
    })),
  );
  const { eosTokenIds } = network.manifest;
  const settings = { ...decoding, eosTokenIds, maxNewTokens: 512, batchSize: 128 };
  const verdicts: SlotVerdict[] = [];
  for await (const { tag, tokenIds } of beamSearch(network, prompts, settings)) {
    verdicts[tag] = pandalm.parse(tokenizer.decode(tokenIds)).slotVerdict;
  }
  const judged = pairs.map((pair, index) => ({
    ...pair,
    outcome: toOutcome(pair.instruction.id, verdicts[2 * index]!, verdicts[2 * index + 1]!),
  }));
  const { agreement, kept } = judgeVsKnown(judged);
  const { firstSlot } = flipRate(judged.map(({ outcome }) => outcome));
  const shares = (['1', '2', 'tie', 'malformed'] as const).map(
    (word) => verdicts.filter((verdict) => verdict === word).length / verdicts.length,
  );
  return [shareOf(agreement), shareOf(kept), shareOf(firstSlot), ...shares.map(percent)];
}

function shareOf({ share }: Share): string {
  return share === undefined ? '–' : percent(share);
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
