import { useMemo } from 'preact/hooks';
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
  const diff = useMemo(() => wordDiff(a.text, b.text), [a.text, b.text]);
  const qualities = useRead('first', responseQualityRead(cell.run, id)).result ?? [];
  return (
    <>
      <div class="sides">
        <Side response={a} name={names[0]} parts={diff?.a} quality={qualities.find(isOf(a))} />
        <Side response={b} name={names[1]} parts={diff?.b} quality={qualities.find(isOf(b))} />
      </div>
      <p class="muted">
        {a.text === b.text
          ? 'The two answers are equal.'
          : diff === undefined
            ? 'The answers are too long to be compared word by word.'
            : 'Marked: words that the other answer does not have.'}
      </p>
    </>
  );
}

const isOf =
  ({ model, exit }: ResponseDetail) =>
  (quality: ResponseQuality) =>
    quality.model === model && quality.exit === exit;

interface SideProps {
  readonly response: ResponseDetail;
  readonly name: string;
  readonly parts: readonly DiffPart[] | undefined;
  readonly quality: ResponseQuality | undefined;
}

function Side({ response, name, parts, quality }: SideProps) {
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
    </article>
  );
}

const STOPS: Readonly<Record<string, string>> = {
  eos: 'ended by itself',
  'token-limit': 'cut at the token limit',
  'context-end': 'cut at the end of the context',
  'stop-text': 'stopped at a stop text',
};

function responseFacts({ text, generatedTokens, stopReason, durationMs }: ResponseDetail): string {
  const speed =
    durationMs > 0 ? `, ${Math.round((generatedTokens / durationMs) * 1000)} tokens/s in its batch` : '';
  const characters = [...text].length.toLocaleString('en-US');
  return `${characters} characters, ${generatedTokens} tokens, ${STOPS[stopReason] ?? stopReason}; ${durationMs.toFixed(1)} ms${speed}`;
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
