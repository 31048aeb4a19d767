/**
 * Measures of responses' texts, stored with them so that views have them, in any program that reads the file.
 */
import { textQuality } from '../../metrics/repetition.ts';
import { TEXT_QUALITY } from '../schema/quality-tables.ts';
import type { Database } from '../sqlite-driver.ts';
import { fields, inserter } from './statements.ts';

const insert = inserter(TEXT_QUALITY, 'keep');

/** Part of `saveResponses`. */
export function insertTextQuality(store: Pick<Database, 'run'>, responseKey: string, text: string): void {
  insert(store, { responseKey, ...textQuality(text) });
}

/** Part of the migration to version 2: responses of older files were stored without. */
export function measureStoredTexts(database: Database): void {
  const rows = database.all<{ responseKey: string; text: string }>(
    `SELECT ${fields('response_key', 'text')} FROM generation`,
  );
  for (const { responseKey, text } of rows) insertTextQuality(database, responseKey, text);
}
