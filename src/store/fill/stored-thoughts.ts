import { answerOf } from '../../data/answers/answer-of.ts';
import { MAY_HAVE_THOUGHTS } from '../schema/known-values.ts';
import type { Database } from '../sqlite-driver.ts';
import { fields } from '../tables/statements.ts';

/**
 * Part of the migration to version 4: thoughts in responses that are stored; those that do not end are no answers, and what is
 * none has no text to be measured. Prompts are not stored, so echoes stay unknown.
 */
export function noticeThoughts(database: Database): void {
  const rows = database.all<{ responseKey: string; text: string }>(
    `SELECT ${fields('response_key', 'text')} FROM generation WHERE ${MAY_HAVE_THOUGHTS}`,
  );
  for (const { responseKey, text } of rows) {
    const { echoCharacters, ...answer } = answerOf({ text }, { prompt: '', strip: [] });
    database.run(UPDATE, { responseKey, ...answer });
  }
  database.execute(DELETE_MEASURES);
}

const UPDATE = `UPDATE generation SET state = @state, text = @text, raw_text = @rawText, thought_characters = @thoughtCharacters
  WHERE response_key = @responseKey`;

const DELETE_MEASURES = `DELETE FROM text_quality
  WHERE response_key IN (SELECT response_key FROM generation WHERE state <> 'answered')`;
