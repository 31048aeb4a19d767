import type { ComponentChildren } from 'preact';
import { labelOf } from '../../../figures/run/labels.ts';
import type { DepthGap, LayersUsed, SpeedRatio } from '../../../store/read/exit-reads.ts';
import { humanAgreementRead, judgeTrustRead } from '../../../store/read/judge-reads.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import {
  gapNumbers,
  gapRule,
  isDynamic,
  layersOf,
  ratioOf,
  referenceWords,
  savedLayers,
  shownGap,
  speedWords,
} from '../../../terminal/headline/claim-words.ts';
import type { Claim } from '../../../terminal/headline/claims.ts';
import { trustWords } from '../../../terminal/headline/trust-words.ts';
import { Ready } from '../../parts/query-state.tsx';
import { useReads } from '../../state.ts';

interface TilesProps {
  readonly head: RunHead;
  readonly claim: Claim;
  readonly saved: SavedRows;
}

/** What an exit saves is read from these. */
export interface SavedRows {
  readonly speeds: readonly SpeedRatio[];
  readonly depths: readonly LayersUsed[];
}

/** The claim's numbers, each with what it rests on. */
export function Tiles({ head, claim, saved }: TilesProps) {
  const gap = shownGap(claim);
  return (
    <dl class="tiles">
      <Tile title="Which exit is enough" value={exitWords(head, claim)}>
        {claim.enough === undefined
          ? `Of ${claim.gaps.length} tried none is known to be.`
          : enoughWords(claim.enough, claim.gaps.length)}
      </Tile>
      {claim.enough !== undefined && <Saved head={head} claim={claim} gap={claim.enough} saved={saved} />}
      <Tile title="How sure that is" value={gapNumbers(gap)}>
        {claim.enough === undefined && `Exit ${gap.exit}: `}
        {gapRule(gap)}
      </Tile>
      <JudgeTile head={head} claim={claim} />
    </dl>
  );
}

function exitWords(head: RunHead, { enough, model }: Claim): string {
  if (enough === undefined) return '–';
  if (isDynamic(enough)) return labelOf(head, model);
  const layers = layersOf(head, model);
  return layers === undefined ? `Exit ${enough.exit}` : `Exit ${enough.exit} of ${layers}`;
}

function enoughWords(enough: DepthGap, tried: number): string {
  if (isDynamic(enough)) return 'Its depth is chosen token by token.';
  return `The first ${enough.exit} layers: the smallest of ${tried} exits tried that is not worse.`;
}

function Saved({ head, claim, gap, saved }: TilesProps & { readonly gap: DepthGap }) {
  const ratio = ratioOf(saved.speeds, gap);
  return (
    <Tile title="What it saves" value={savedLayers(head, gap, saved.depths) ?? 'No layers'}>
      {ratio === undefined
        ? 'Its speed beside the full model was not measured.'
        : `${speedWords(ratio, referenceWords(head, claim))}, batch ${head.speedBatchSize}.`}
    </Tile>
  );
}

function JudgeTile({ head, claim }: { head: RunHead; claim: Claim }) {
  const reads = { trust: judgeTrustRead(head.run), people: humanAgreementRead(head.run) };
  const state = useReads('first', reads);
  if (claim.measure === 'exact match')
    return (
      <Tile title="Who says so" value="Known answers">
        {head.judge === null ? 'No judge: ' : 'Not the judge: '}a response is right if it equals the known
        answer.
      </Tile>
    );
  return (
    <Tile title="Who says so" value={head.judge ?? 'No judge'}>
      <Ready state={state}>
        {({ trust, people }) => <>{trustWords(head, trust[0], people).join(' ')}</>}
      </Ready>
    </Tile>
  );
}

interface TileProps {
  readonly title: string;
  readonly value: string;
  readonly children: ComponentChildren;
}

function Tile({ title, value, children }: TileProps) {
  return (
    <div class="tile">
      <dt>{title}</dt>
      <dd class="value">{value}</dd>
      <dd>{children}</dd>
    </div>
  );
}
