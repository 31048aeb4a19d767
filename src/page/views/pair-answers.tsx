import { useMemo } from 'preact/hooks';
import { Quoted, QuotedDiff } from '../parts/shown-text.tsx';
import type { AnswerDetail, CellAddress } from '../queries/cell-query.ts';
import type { AnswerLooks } from '../queries/degeneration-query.ts';
import { useAsk } from '../state.ts';
import { type DiffPart, wordDiff } from '../word-diff.ts';
import { Right } from './cell-table.tsx';

interface PairAnswersProps {
  readonly answers: readonly [a: AnswerDetail, b: AnswerDetail];
  readonly names: readonly [a: string, b: string];
  readonly cell: CellAddress;
  readonly id: string;
}

/** Both answers side by side; words that one has and the other has not are marked. */
export function PairAnswers({ answers: [a, b], names, cell, id }: PairAnswersProps) {
  const diff = useMemo(() => wordDiff(a.text, b.text), [a.text, b.text]);
  const looks = useAsk('first', 'looks', cell.run, id).answer ?? [];
  return (
    <>
      <div class="sides">
        <Side answer={a} name={names[0]} parts={diff?.a} looks={looks.find(isOf(a))} />
        <Side answer={b} name={names[1]} parts={diff?.b} looks={looks.find(isOf(b))} />
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
  ({ model, exit }: AnswerDetail) =>
  (looks: AnswerLooks) =>
    looks.model === model && looks.exit === exit;

interface SideProps {
  readonly answer: AnswerDetail;
  readonly name: string;
  readonly parts: readonly DiffPart[] | undefined;
  readonly looks: AnswerLooks | undefined;
}

function Side({ answer, name, parts, looks }: SideProps) {
  const isShort = parts !== undefined && answer.text !== '';
  return (
    <article aria-label={`Answer of ${name}`}>
      <h2>{name}</h2>
      <div class="answer">{isShort ? <QuotedDiff parts={parts} /> : <Quoted text={answer.text} />}</div>
      <p class="muted">
        <Right correct={answer.correct} />
        {answerFacts(answer)}
      </p>
      {looks !== undefined && <p class="muted">{looksFacts(looks)}</p>}
    </article>
  );
}

const STOPS: Readonly<Record<string, string>> = {
  eos: 'ended by itself',
  'token-limit': 'cut at the token limit',
  'context-end': 'cut at the end of the context',
  'stop-text': 'stopped at a stop text',
};

function answerFacts({ text, tokens, stopReason, durationMs }: AnswerDetail): string {
  const speed = durationMs > 0 ? `, ${Math.round((tokens / durationMs) * 1000)} tokens/s in its batch` : '';
  const characters = [...text].length.toLocaleString('en-US');
  return `${characters} characters, ${tokens} tokens, ${STOPS[stopReason] ?? stopReason}; ${durationMs.toFixed(1)} ms${speed}`;
}

function looksFacts(looks: AnswerLooks): string {
  const { repetition, compression, meanLogProbability, referenceModel, referenceExit } = looks;
  return [
    `Looks ${looks.looks}`,
    ...(repetition === null ? [] : [`repetition ${repetition.toFixed(2)}`]),
    ...(compression === null ? [] : [`compressed to ${compression.toFixed(2)} of its size`]),
    ...(meanLogProbability === null
      ? []
      : [
          `mean log-probability ${meanLogProbability.toFixed(2)} nats a token under ${referenceModel} exit ${referenceExit}`,
        ]),
  ].join(', ');
}
