/** A claim of the headline in words, for page and terminal. */
import { partsOfDynamicName } from '../../core/sub-models.ts';
import { labelOf } from '../../figures/run/labels.ts';
import { MIN_INSTRUCTIONS } from '../../metrics/not-worse.ts';
import type { DepthGap, LayersUsed, SpeedRatio } from '../../store/read/exit-reads.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { Claim } from './claims.ts';

/** The claim in one sentence without its numbers. */
export function claimSentence(head: RunHead, claim: Claim): string {
  const name = labelOf(head, claim.model);
  const full = referenceWords(head, claim);
  if (claim.enough !== undefined) {
    const isLast = claim.gaps.length > 1 && claim.enough === claim.gaps.at(-1);
    return isLast
      ? `${name} needs its deepest exit, ${claim.enough.exit}, to be not worse than ${full}.`
      : `${subModelWords(head, claim.enough)}${depthWords(head, claim.enough)} is not worse than ${full}.`;
  }
  if (claim.gaps.every(({ standing }) => standing === 'worse'))
    return claim.gaps.length === 1
      ? `${subModelWords(head, claim.gaps[0]!)} is worse than ${full}.`
      : `No ${claim.model === claim.referenceModel ? 'shallower ' : ''}exit of ${name} reaches ${full}: all ${claim.gaps.length} are worse.`;
  return `Whether ${claim.gaps.length === 1 ? subModelWords(head, claim.gaps[0]!) : `an exit of ${name}`} is as good as ${full} is not decided.`;
}

/** ` (40 % of its depth)` */
function depthWords(head: RunHead, { model, exit }: DepthGap): string {
  const layers = layersOf(head, model);
  if (layers === undefined || layers === exit || isDynamic({ model })) return '';
  return ` (${Math.round((100 * exit) / layers)} % of its depth)`;
}

/** The row whose numbers stand for the claim: of the exit that is enough, else of the deepest one. */
export function shownGap({ enough, gaps }: Claim): DepthGap {
  return enough ?? gaps.at(-1)!;
}

/** `SoFT at exit 4` */
function subModelWords(head: RunHead, { model, exit }: Pick<DepthGap, 'model' | 'exit'>): string {
  const name = labelOf(head, model);
  return isDynamic({ model }) ? name : `${name} at exit ${exit}`;
}

/** `the full SFT model`, or what is deepest of it. */
export function referenceWords(head: RunHead, { model, referenceModel, referenceExit }: Claim): string {
  const name = labelOf(head, referenceModel);
  const isFull = layersOf(head, referenceModel) === referenceExit;
  if (!isFull) return `${name} at exit ${referenceExit}, the deepest that was run`;
  return model === referenceModel ? 'its own full depth' : `the full ${name} model`;
}

export function layersOf({ models }: RunHead, name: string): number | undefined {
  return models.find(({ model }) => model === name)?.layers;
}

/** `+0.01 [−0.04, 0.06]` */
export function gapNumbers({ difference, ciLow, ciHigh }: DepthGap): string {
  const interval = ciLow === null || ciHigh === null ? '' : ` [${hundredths(ciLow)}, ${hundredths(ciHigh)}]`;
  return `${rounded(difference) > 0 ? '+' : ''}${hundredths(difference)}${interval}`;
}

/** What the numbers are, how many they are of, and by which rule they say what they say. */
export function gapRule({ measure, n, exits, margin }: DepthGap): string {
  const what =
    measure === 'score'
      ? 'Score (−1: loses all, 0: even, 1: wins all)'
      : 'Share of right answers minus that of full depth';
  const together = exits === 1 ? '95 % interval' : `95 % interval, for all ${exits} exits together`;
  const few = n < MIN_INSTRUCTIONS ? `; fewer than ${MIN_INSTRUCTIONS} decide nothing` : '';
  return `${what}, ${together}, n\u00a0=\u00a0${n}${few}. Not worse: its lower end lies above the margin, ${hundredths(-margin)}; worse: all of it lies below.`;
}

/** Its depth is chosen token by token. */
export function isDynamic({ model }: Pick<DepthGap, 'model'>): boolean {
  return partsOfDynamicName(model) !== undefined;
}

/** `60 % of the layers`, of a mean token where depth is chosen by token; undefined where it saves none. */
export function savedLayers(head: RunHead, gap: DepthGap, depths: readonly LayersUsed[]): string | undefined {
  const layers = layersOf(head, gap.model);
  const own = depths.find(({ model, depth }) => model === gap.model && depth === 'adaptive');
  const used = isDynamic(gap) ? (own?.meanLayers ?? layers) : gap.exit;
  if (layers === undefined || used === undefined || used >= layers) return undefined;
  return `${Math.round(100 * (1 - used / layers))} % of the layers`;
}

/** The speed of an exit beside the reference; undefined where it was not measured. */
export function ratioOf(ratios: readonly SpeedRatio[], gap: DepthGap): SpeedRatio | undefined {
  return ratios.find(
    ({ model, exit, referenceModel }) =>
      model === gap.model && exit === gap.exit && referenceModel === gap.referenceModel,
  );
}

/** `1.84 times the tokens per second of the full SFT model [1.80, 1.90]` */
export function speedWords({ ratio, ciLow, ciHigh, rounds }: SpeedRatio, reference: string): string {
  const known = ciLow !== null && ciHigh !== null;
  const evidence = known
    ? `[${ciLow.toFixed(2)}, ${ciHigh.toFixed(2)}]`
    : `(${roundsWords(rounds)}, no interval)`;
  return `${ratio.toFixed(2)} times the tokens per second of ${reference} ${evidence}`;
}

const roundsWords = (rounds: number) => (rounds === 1 ? 'timed once' : `timed ${rounds} times`);

function hundredths(value: number): string {
  return rounded(value).toFixed(2).replace('-', '−');
}

/** Without −0. */
const rounded = (value: number) => Number(value.toFixed(2)) + 0;
