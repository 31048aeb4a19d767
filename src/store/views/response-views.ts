/** Views over responses. */
import { MEANING } from '../schema/column-meanings.ts';
import { isCorrect } from './rules.ts';
import { integer, real, SUB_MODEL_COLUMNS, text } from './view-columns.ts';
import { type InnerView, type View, view } from './view-type.ts';

export const RESPONSE_VIEWS: readonly View[] = [
  view({
    name: 'responses',
    description:
      'Every response of every exit; correct is 1 or 0 where the instruction set brings a known answer.',
    columns: {
      ...SUB_MODEL_COLUMNS,
      instruction_id: text(MEANING.instruction_id),
      position: integer(MEANING.set_position),
      instruction: text(MEANING.instruction),
      input: text(MEANING.input),
      answer: text(MEANING.answer),
      correct: integer([
        '1: equal to the known answer but for white space at the ends; 0: not',
        'the instruction set brings no known answer, or there is no response',
      ]),
      text: text(MEANING.response_text),
      stop_reason: text(MEANING.stop_reason),
      generated_tokens: integer(MEANING.generated_tokens),
      prompt_tokens: integer(MEANING.prompt_tokens),
      duration_ms: real(MEANING.duration_ms),
    },
    orderBy: ['run', 'model', 'exit', 'position'],
    sql: `
SELECT a.run, a.model, a.exit, a.instruction_id, r.position, i.instruction, i.input, r.answer,
       ${isCorrect('g.text', 'r.answer')} AS correct,
       g.text, g.stop_reason, g.generated_tokens, g.prompt_tokens, g.duration_ms
FROM answer a JOIN generation g USING (response_key)
JOIN run_instruction r USING (run, instruction_id) JOIN instruction i USING (instruction_id)`,
  }),
  view({
    name: 'quality',
    description: 'Responses of each exit that equal the known answer; only instructions that have one count.',
    columns: {
      ...SUB_MODEL_COLUMNS,
      right: integer('responses that equal the known answer'),
      total: integer('responses to instructions with a known answer'),
      exact_match: real('right / total, in [0, 1]'),
    },
    orderBy: ['run', 'model', 'exit'],
    sql: `
SELECT run, model, exit, sum(correct) AS "right", count(*) AS total, avg(correct) AS exact_match
FROM responses WHERE correct IS NOT NULL GROUP BY run, model, exit`,
  }),
];

/** Which responses are right. */
export const RESPONSE_CORRECT: InnerView = {
  name: 'answer_correct',
  sql: 'SELECT run, model, exit, instruction_id, correct FROM responses',
};
