/** Measures of responses' texts, stored with them so that views have them, in any program that reads the file. */
import { textQuality } from '../../metrics/repetition.js';
import { TEXT_QUALITY } from '../schema/quality-tables.js';
import { fields, inserter } from './statements.js';
const insert = inserter(TEXT_QUALITY, 'keep');
/** Part of `saveAnswers`. */
export function insertTextQuality(store, responseKey, text) {
    insert(store, { responseKey, ...textQuality(text) });
}
/** Part of the migration to version 2: responses of older files were stored without. */
export function measureStoredTexts(database) {
    const rows = database.all(`SELECT ${fields('response_key', 'text')} FROM generation`);
    for (const { responseKey, text } of rows)
        insertTextQuality(database, responseKey, text);
}
