import { useMemo } from 'preact/hooks';
import type { SubModel } from '../../../core/domain.ts';
import { type UnansweredResponse, unansweredRead } from '../../../store/read/state-reads.ts';
import { score } from '../../content/number-text.ts';
import { pairShown, SHOWN_AS, type ShownAs, SIMILAR } from '../../content/pair/shown-as.ts';
import type { DiffPart } from '../../content/pair/word-diff.ts';
import { stateName } from '../../content/state-text.ts';
import { MarkdownText } from '../../parts/markdown-text.tsx';
import { RightMark } from '../../parts/right-mark.tsx';
import { Quoted, QuotedDiff } from '../../parts/shown-text.tsx';
import type { CellAddress, ResponseDetail } from '../../queries/cell-query.ts';
import { type ResponseQuality, responseQualityRead } from '../../queries/degeneration-query.ts';
import { useChange, usePage, useRead } from '../../state.ts';

interface PairResponsesProps {
  readonly responses: readonly [a: ResponseDetail, b: ResponseDetail];
  readonly names: readonly [a: string, b: string];
  readonly cell: CellAddress;
  readonly id: string;
}

/** Both answers side by side: with what differs marked, formatted, or as they are. */
export function PairResponses({ responses: [a, b], names, cell, id }: PairResponsesProps) {
  const { settings } = usePage().route;
  const chosen = settings['show'];
  const { diff, shownAs } = useMemo(() => pairShown(a.text, b.text, chosen), [a.text, b.text, chosen]);
  const qualities = useRead('first', responseQualityRead(cell.run, id)).result ?? [];
  const unanswered = useRead('first', unansweredRead(cell.run, id)).result ?? [];
  return (
    <>
      <ShowAs shownAs={shownAs} hasDiff={diff !== undefined} />
      <div class="sides">
        {([a, b] as const).map((response, index) => (
          <Side
            key={names[index]}
            response={response}
            name={names[index]!}
            shownAs={shownAs}
            parts={index === 0 ? diff?.a : diff?.b}
            quality={qualities.find(isOf(response))}
            instead={unanswered.find(isOf(response))}
          />
        ))}
      </div>
      <p class="muted">{comparedText(a.text, b.text, diff !== undefined, shownAs)}</p>
    </>
  );
}

const SHOWN_WORDS: Readonly<Record<ShownAs, string>> = {
  differences: 'differences',
  formatted: 'Markdown',
  raw: 'raw text',
};

function ShowAs({ shownAs, hasDiff }: { shownAs: ShownAs; hasDiff: boolean }) {
  const change = useChange();
  return (
    <fieldset class="switches">
      <legend>Show</legend>
      {SHOWN_AS.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="show"
            checked={shownAs === name}
            disabled={name === 'differences' && !hasDiff}
            onChange={() => change({ show: name })}
          />{' '}
          {SHOWN_WORDS[name]}
        </label>
      ))}
    </fieldset>
  );
}

function comparedText(a: string | null, b: string | null, isCompared: boolean, shownAs: ShownAs): string {
  if (a === null || b === null)
    return 'The pair is not judged: where there is no answer there is nothing to compare.';
  if (a === b) return 'The two answers are equal.';
  if (!isCompared) return 'The answers are too long to be compared word by word.';
  if (shownAs === 'differences') return 'Marked: words that the other answer does not have.';
  return `Differences are marked at once where at least ${100 * SIMILAR} % of the letters stand in words that both answers have in the same order.`;
}

const isOf =
  ({ model, exit }: SubModel) =>
  (row: SubModel) =>
    row.model === model && row.exit === exit;

interface SideProps {
  readonly response: ResponseDetail;
  readonly name: string;
  readonly shownAs: ShownAs;
  readonly parts: readonly DiffPart[] | undefined;
  readonly quality: ResponseQuality | undefined;
  /** Where there is no answer. */
  readonly instead: UnansweredResponse | undefined;
}

function Side({ response, name, shownAs, parts, quality, instead }: SideProps) {
  return (
    <article aria-label={`Answer of ${name}`}>
      <h2>{name}</h2>
      <div class="answer">
        <AnswerText text={response.text} shownAs={shownAs} parts={parts} />
      </div>
      <p class="muted">
        <RightMark correct={response.correct} />
        {responseFacts(response)}
      </p>
      {quality !== undefined && <p class="muted">{qualityFacts(quality)}</p>}
      {instead !== undefined && <Instead instead={instead} />}
    </article>
  );
}

function AnswerText({
  text,
  shownAs,
  parts,
}: Pick<SideProps, 'shownAs' | 'parts'> & { text: string | null }) {
  if (text === null || text === '') return <Quoted text={text} />;
  if (shownAs === 'differences' && parts !== undefined) return <QuotedDiff parts={parts} />;
  return shownAs === 'formatted' ? <MarkdownText text={text} /> : <Quoted text={text} />;
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
          `mean log-probability ${score(meanLogProbability)} nats a token under ${referenceModel} exit ${referenceExit}`,
        ]),
  ].join(', ');
}
