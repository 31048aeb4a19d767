import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { DiffPart } from '../content/pair/word-diff.ts';
import { beginningOf, visibleParts } from '../content/visible.ts';

/** Characters of a text that are shown at first, and how many more each time. */
const FIRST = 4000;
const MORE = 100_000;

/** Text of a model or a data set as it stands, in its own reading direction, whatever is in it; null: no answer. */
export function Quoted({ text, empty = 'empty' }: { text: string | null; empty?: string }) {
  const [limit, setLimit] = useState(FIRST);
  if (text === null) return <NoAnswer />;
  if (text === '') return <span class="muted">({empty})</span>;
  const shown = beginningOf(text, limit);
  return (
    <>
      <bdi dir="auto" class="quoted">
        <Visible text={shown} />
      </bdi>
      {shown.length < text.length && (
        <MoreButton shown={shown.length} total={text.length} onMore={() => setLimit(limit + MORE)} />
      )}
    </>
  );
}

function MoreButton({ shown, total, onMore }: { shown: number; total: number; onMore: () => void }) {
  return (
    <p>
      <button type="button" onClick={onMore}>
        Show more: {shown.toLocaleString('en-US')} of {total.toLocaleString('en-US')} characters are shown
      </button>
    </p>
  );
}

/** The same, with the words that this text alone has marked. */
export function QuotedDiff({ parts }: { parts: readonly DiffPart[] }) {
  return (
    <bdi dir="auto" class="quoted">
      {parts.map(({ text, isOwn }, index) => {
        const visible: ComponentChildren = <Visible text={text} />;
        return isOwn ? <mark key={index}>{visible}</mark> : <span key={index}>{visible}</span>;
      })}
    </bdi>
  );
}

/** One line of a long text, in a list. */
export function Excerpt({ text, length = null }: { text: string | null; length?: number | null }) {
  if (text === null) return <NoAnswer />;
  if (text === '') return <span class="muted">(empty)</span>;
  return (
    <bdi dir="auto" class="excerpt">
      <Visible text={text} />
      {length !== null && length > text.length ? '…' : ''}
    </bdi>
  );
}

function NoAnswer() {
  return <em class="muted">no answer</em>;
}

export function Visible({ text }: { text: string }) {
  return (
    <>
      {visibleParts(text).map(({ text: part, mark }, index) =>
        mark === undefined ? (
          part
        ) : (
          <span key={index} class="unseen" title={mark}>
            {part}
          </span>
        ),
      )}
    </>
  );
}
