/** Measures of answers' texts, stored with them so that views know them, in any program that reads the file. */
import { textQuality } from '../../metrics/repetition.ts';
import type { Database, Store } from '../database.ts';

const INSERT = `INSERT INTO text_quality VALUES (@responseKey, @characters, @repetition, @compression)
  ON CONFLICT DO NOTHING`;

/** Part of `saveAnswers`. */
export function insertTextQuality(store: Store, responseKey: string, text: string): void {
  store.run(INSERT, { responseKey, ...textQuality(text) });
}

/** Part of the migration to version 2: answers of older files were stored without. */
export function measureStoredTexts(database: Database): void {
  const insert = database.prepare(INSERT);
  const rows = database.prepare('SELECT response_key AS responseKey, text FROM generation').all();
  for (const { responseKey, text } of rows as { responseKey: string; text: string }[]) {
    insert.run({ responseKey, ...textQuality(text) });
  }
}
