/** Views over runs and what belongs to them as a whole. */
import { MEANING } from '../schema/column-meanings.ts';
import { integer, JUDGE_COLUMNS, text } from './view-columns.ts';
import { type View, view } from './view-type.ts';

export const RUN_VIEWS: readonly View[] = [
  view({
    name: 'checks',
    description: 'What the run checked about itself, and whether it passed.',
    columns: {
      run: text(MEANING.run),
      check_name: text(MEANING.check_name),
      passed: integer(MEANING.passed),
      detail: text(MEANING.detail),
    },
    orderBy: ['run', 'check_name'],
    sql: 'SELECT run, check_name, passed, detail FROM run_check',
  }),
  view({
    name: 'instructions',
    description: 'The instructions of a run, with what its file says about each.',
    columns: {
      run: text(MEANING.run),
      position: integer(MEANING.set_position),
      instruction_id: text(MEANING.instruction_id),
      instruction: text(MEANING.instruction),
      input: text(MEANING.input),
      system: text(MEANING.system),
      answer: text(MEANING.answer),
      category: text(MEANING.category),
      metadata: text(MEANING.metadata),
    },
    orderBy: ['run', 'position'],
    sql: `
SELECT r.run, r.position, r.instruction_id, i.instruction, i.input, i.system, r.answer, r.category,
       r.metadata_json AS metadata
FROM run_instruction r JOIN instruction i USING (instruction_id)`,
  }),
  view({
    name: 'models',
    description: 'The models of a run with their parameters and bytes; extra heads are those of early exits.',
    columns: {
      run: text(MEANING.run),
      position: integer('place in the sweep file, from 0'),
      model: text(MEANING.model),
      kind: text(MEANING.kind),
      layers: integer(MEANING.layers),
      exits: text('exits in ascending order, with spaces between them'),
      precision: text(MEANING.precision),
      body_parameters: integer(MEANING.body_parameters),
      embedding_parameters: integer(MEANING.embedding_parameters),
      head_parameters: integer(MEANING.head_parameters),
      extra_head_parameters: integer(MEANING.extra_head_parameters),
      weight_bytes: integer(MEANING.weight_bytes),
      extra_head_bytes: integer(MEANING.extra_head_bytes),
    },
    orderBy: ['run', 'position'],
    sql: `
SELECT m.run, m.position, m.model, m.kind, m.layers,
       (SELECT group_concat(exit, ' ')
        FROM (SELECT exit FROM sub_model s WHERE s.run = m.run AND s.model = m.model ORDER BY exit)) AS exits,
       m.precision, m.body_parameters, m.embedding_parameters, m.head_parameters, m.extra_head_parameters,
       m.weight_bytes, m.extra_head_bytes
FROM model m`,
  }),
  view({
    name: 'runs',
    description: "The runs in this file, their judge and how its settings deviate from PandaLM's.",
    columns: {
      run: text(MEANING.run),
      instructions: integer('number of instructions'),
      judge: text([MEANING.judge, 'no judge']),
      judge_decoding: text([`${MEANING.decoding_json} of the judge`, 'no judge']),
      judge_deviations: text([JUDGE_COLUMNS.judge_deviations.meaning, 'no judge, or they do not']),
      tool_version: text(MEANING.tool_version),
      started_at: text(MEANING.started_at),
      finished_at: text(MEANING.finished_at),
    },
    orderBy: ['run'],
    sql: `
SELECT r.run, (SELECT count(*) FROM run_instruction i WHERE i.run = r.run) AS instructions, t.judge,
       j.decoding_json AS judge_decoding, t.judge_deviations, r.tool_version, r.started_at, r.finished_at
FROM run r LEFT JOIN judge j USING (run) LEFT JOIN run_judge t USING (run)`,
  }),
];
