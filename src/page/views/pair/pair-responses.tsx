import { useMemo } from 'preact/hooks';
import type { SubModel } from '../../../core/domain.ts';
import { type UnansweredResponse, unansweredRead } from '../../../store/read/state-reads.ts';
import { stateName } from '../../content/state-text.ts';
import { type DiffPart, wordDiff } from '../../content/word-diff.ts';
import { RightMark } from '../../parts/right-mark.tsx';
import { Quoted, QuotedDiff } from '../../parts/shown-text.tsx';
import type { CellAddress, ResponseDetail } from '../../queries/cell-query.ts';
import { type ResponseQuality, responseQualityRead } from '../../queries/degeneration-query.ts';
import { useRead } from '../../state.ts';

interface PairResponsesProps {
  readonly responses: readonly [a: ResponseDetail, b: ResponseDetail];
  readonly names: readonly [a: string, b: string];
  readonly cell: CellAddress;
  readonly id: string;
}

/** Both answers side by side; words that one has and the other has not are marked. */
export function PairResponses({ responses: [a, b], names, cell, id }: PairResponsesProps) {
  const diff = useMemo(() => diffOf(a.text, b.text), [a.text, b.text]);
  const qualities = useRead('first', responseQualityRead(cell.run, id)).result ?? [];
  const unanswered = useRead('first', unansweredRead(cell.run, id)).result ?? [];
  return (
    <>
      <div class="sides">
        {([a, b] as const).map((response, index) => (
          <Side
            key={names[index]}
            response={response}
            name={names[index]!}
            parts={index === 0 ? diff?.a : diff?.b}
            quality={qualities.find(isOf(response))}
            instead={unanswered.find(isOf(response))}
          />
        ))}
      </div>
      <p class="muted">{comparedText(a.text, b.text, diff !== undefined)}</p>
    </>
  );
}

function diffOf(a: string | null, b: string | null) {
  return a === null || b === null ? undefined : wordDiff(a, b);
}

function comparedText(a: string | null, b: string | null, isCompared: boolean): string {
  if (a === null || b === null)
    return 'The pair is not judged: where there is no answer there is nothing to compare.';
  if (a === b) return 'The two answers are equal.';
  return isCompared
    ? 'Marked: words that the other answer does not have.'
    : 'The answers are too long to be compared word by word.';
}

const isOf =
  ({ model, exit }: SubModel) =>
  (row: SubModel) =>
    row.model === model && row.exit === exit;

interface SideProps {
  readonly response: ResponseDetail;
  readonly name: string;
  readonly parts: readonly DiffPart[] | undefined;
  readonly quality: ResponseQuality | undefined;
  /** Where there is no answer. */
  readonly instead: UnansweredResponse | undefined;
}

function Side({ response, name, parts, quality, instead }: SideProps) {
  const isShort = parts !== undefined && response.text !== '';
  return (
    <article aria-label={`Answer of ${name}`}>
      <h2>{name}</h2>
      <div class="answer">{isShort ? <QuotedDiff parts={parts} /> : <Quoted text={response.text} />}</div>
      <p class="muted">
        <RightMark correct={response.correct} />
        {responseFacts(response)}
      </p>
      {quality !== undefined && <p class="muted">{qualityFacts(quality)}</p>}
      {instead !== undefined && <Instead instead={instead} />}
    </article>
  );
}

/** Why there is no answer, and what came in its place. */
function Instead({ instead: { state, rawText } }: { instead: UnansweredResponse }) {
  return (
    <>
      <p>
        State: <strong>{stateName(state)}</strong>
      </p>
      {rawText !== null && (
        <details open>
          <summary>What came instead</summary>
          <Quoted text={rawText} />
        </details>
      )}
    </>
  );
}

const STOPS: Readonly<Record<string, string>> = {
  eos: 'ended by itself',
  'token-limit': 'cut at the token limit',
  'context-end': 'cut at the end of the context',
  'stop-text': 'stopped at a stop text',
};

function responseFacts({ text, generatedTokens, stopReason, durationMs }: ResponseDetail): string {
  const isTimed = generatedTokens !== null && durationMs !== null && durationMs > 0;
  return [
    ...(text === null ? [] : [`${[...text].length.toLocaleString('en-US')} characters`]),
    generatedTokens === null ? 'number of tokens not known' : `${generatedTokens} tokens`,
    stopReason === null ? 'end not known' : (STOPS[stopReason] ?? stopReason),
    durationMs === null ? 'time not known' : `${durationMs.toFixed(1)} ms`,
    ...(isTimed ? [`${Math.round((generatedTokens / durationMs) * 1000)} tokens/s in its batch`] : []),
  ].join(', ');
}

function qualityFacts(quality: ResponseQuality): string {
  const { repetition, compression, meanLogProbability, referenceModel, referenceExit } = quality;
  return [
    `Looks ${quality.looks}`,
    ...(repetition === null ? [] : [`repetition ${repetition.toFixed(2)}`]),
    ...(compression === null ? [] : [`compressed to ${compression.toFixed(2)} of its size`]),
    ...(meanLogProbability === null
      ? []
      : [
          `mean log-probability ${meanLogProbability.toFixed(2)} nats a token under ${referenceModel} exit ${referenceExit}`,
        ]),
  ].join(', ');
}
