import { csvText } from '../../../terminal/csv-text.ts';
import { noteRows } from '../../content/pair/pair-note.ts';
import { useNotes } from '../../pair-notes.ts';
import { download, fileName } from '../../parts/save/download.ts';

/** The notes that were written on pairs of a run, as files; nothing where there are none. */
export function NotesExport({ run }: { run: string }) {
  const notes = [...useNotes().values()].filter((note) => note.run === run);
  if (notes.length === 0) return null;
  const name = `notes-${fileName(run)}`;
  const json = () => new Blob([JSON.stringify(notes, null, 2)], { type: 'application/json' });
  const csv = () => new Blob([csvText(noteRows(notes))], { type: 'text/csv' });
  return (
    <p class="buttons">
      {notes.length} {notes.length === 1 ? 'note' : 'notes'} of this run in this browser:{' '}
      <button type="button" onClick={() => download(`${name}.json`, json())}>
        JSON
      </button>{' '}
      <button type="button" onClick={() => download(`${name}.csv`, csv())}>
        CSV
      </button>
    </p>
  );
}
