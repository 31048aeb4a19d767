import { useState } from 'preact/hooks';
import { noteKey, type PairNote } from '../../content/pair/pair-note.ts';
import { keepNote, useNotes } from '../../pair-notes.ts';
import type { CellAddress } from '../../queries/cell-query.ts';
import { pairContentsRead } from '../../queries/pair-labels-query.ts';
import { useRead } from '../../state.ts';
import { NotesExport } from './notes-export.tsx';

interface PairNoteProps {
  readonly cell: CellAddress;
  readonly id: string;
}

/** Star and note of the reader on this pair. */
export function PairNoteForm({ cell, id }: PairNoteProps) {
  const contents = useRead('first', pairContentsRead(cell)).result ?? [];
  const content = contents.find(({ instructionId }) => instructionId === id);
  return content === undefined ? null : (
    <Form key={noteKey(content)} cell={cell} id={id} noteKey={noteKey(content)} />
  );
}

function Form({ cell, id, noteKey: key }: PairNoteProps & { noteKey: string }) {
  const { run, comparison, exitA, exitB } = cell;
  const known = useNotes().get(key);
  const [problem, setProblem] = useState<string>();
  const { isStarred, note }: Pick<PairNote, 'isStarred' | 'note'> = known ?? { isStarred: false, note: '' };
  const keep = (changed: Partial<PairNote>) => {
    const pair = { run, comparison, exitA, exitB, instructionId: id };
    try {
      keepNote(key, { ...pair, isStarred, note, ...changed, changedAt: new Date().toISOString() });
      setProblem(undefined);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <section class="note" aria-label="Your note">
      <button type="button" aria-pressed={isStarred} onClick={() => keep({ isStarred: !isStarred })}>
        {isStarred ? '★ Starred' : '☆ Star'}
      </button>
      <label>
        Note <textarea rows={2} value={note} onInput={(event) => keep({ note: event.currentTarget.value })} />
      </label>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <p class="muted">Kept in this browser alone.</p>
      <NotesExport run={run} />
    </section>
  );
}
