/** Notes in the storage of this browser: nowhere else, and as long as the reader does not clear it. */
import { useEffect, useState } from 'preact/hooks';
import { isNoteKey, type PairNote, parseNote } from './content/pair/pair-note.ts';

const CHANGED = 'notechanged';

export type Notes = ReadonlyMap<string, PairNote>;

/** All notes by their keys; another map when one changes, also in another window. */
export function useNotes(): Notes {
  const [notes, setNotes] = useState(allNotes);
  useEffect(() => {
    const follow = () => setNotes(allNotes());
    addEventListener(CHANGED, follow);
    addEventListener('storage', follow);
    return () => {
      removeEventListener(CHANGED, follow);
      removeEventListener('storage', follow);
    };
  }, []);
  return notes;
}

/** A note without star and text is none. Throws where the browser keeps nothing. */
export function keepNote(key: string, note: PairNote): void {
  const storage = stored();
  if (storage === undefined) throw new Error('This browser keeps no notes for this page.');
  if (note.isStarred || note.note !== '') storage.setItem(key, JSON.stringify(note));
  else storage.removeItem(key);
  dispatchEvent(new Event(CHANGED));
}

function allNotes(): Notes {
  const storage = stored();
  if (storage === undefined) return new Map();
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return new Map(
    keys.filter(isNoteKey).flatMap((key) => {
      const note = parseNote(storage.getItem(key));
      return note === undefined ? [] : [[key, note] as const];
    }),
  );
}

/** `undefined` where the reader's settings forbid it. */
function stored(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
