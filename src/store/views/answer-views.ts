/** Views over runs, models, answers and what was measured of them. */
import { WHITE_SPACE_CODE_POINTS } from '../../core/strip.ts';
import type { InnerView, View } from './view-type.ts';

/** What `strip` takes off: right is right whatever white space stands around it. */
const WHITE_SPACE = `char(${WHITE_SPACE_CODE_POINTS.join(', ')})`;

export const ANSWER_VIEWS: readonly View[] = [
  {
    name: 'responses',
    description: 'Every answer of every exit; correct is 1 or 0 where the instruction set knows the answer.',
    columns: [
      ...[
        'run',
        'model',
        'exit',
        'instruction_id',
        'position',
        'instruction',
        'input',
        'answer',
        'correct',
        'text',
      ],
      ...['stop_reason', 'generated_tokens', 'prompt_tokens', 'duration_ms'],
    ],
    orderBy: ['run', 'model', 'exit', 'position'],
    sql: `
SELECT a.run, a.model, a.exit, a.instruction_id, r.position, i.instruction, i.input, r.answer,
       trim(g.text, ${WHITE_SPACE}) = trim(r.answer, ${WHITE_SPACE}) AS correct,
       g.text, g.stop_reason, json_array_length(g.token_ids) AS generated_tokens, g.prompt_tokens, g.duration_ms
FROM answer a JOIN generation g USING (response_key)
JOIN run_instruction r USING (run, instruction_id) JOIN instruction i USING (instruction_id)`,
  },
  {
    name: 'kl_curves',
    description: 'Mean KL divergence in nats at each output position of the reference answers.',
    columns: [
      ...['run', 'curve', 'model', 'exit', 'reference_model', 'reference_exit'],
      ...['position', 'mean_kl_nats', 'instructions'],
    ],
    orderBy: ['run', 'curve', 'model', 'exit', 'reference_model', 'reference_exit', 'position'],
    sql: `
SELECT c.run, c.curve, c.model, c.exit, c.reference_model, c.reference_exit, v.position,
       avg(v.kl_nats) AS mean_kl_nats, count(*) AS instructions
FROM kl_curve c JOIN kl_value v USING (kl_key)
GROUP BY c.run, c.curve, c.model, c.exit, c.reference_model, c.reference_exit, v.position`,
  },
  {
    name: 'exit_speed',
    description: 'Generated tokens per second of each exit, measured alone at one batch size.',
    columns: ['run', 'model', 'exit', 'batch_size', 'tokens_per_second'],
    orderBy: ['run', 'model', 'exit', 'batch_size'],
    sql: 'SELECT run, model, exit, batch_size, tokens * 1000.0 / duration_ms AS tokens_per_second FROM speed',
  },
  {
    name: 'quality',
    description: 'Answers of each exit that equal the known answer; only instructions that have one count.',
    columns: ['run', 'model', 'exit', 'right', 'total', 'exact_match'],
    orderBy: ['run', 'model', 'exit'],
    sql: `
SELECT run, model, exit, sum(correct) AS "right", count(*) AS total, avg(correct) AS exact_match
FROM responses WHERE correct IS NOT NULL GROUP BY run, model, exit`,
  },
  {
    name: 'checks',
    description: 'What the run checked about itself, and whether it passed.',
    columns: ['run', 'check_name', 'passed', 'detail'],
    orderBy: ['run', 'check_name'],
    sql: 'SELECT run, check_name, passed, detail FROM run_check',
  },
  {
    name: 'models',
    description: 'The models of a run with their parameters and bytes; extra heads are those of early exits.',
    columns: [
      ...[
        'run',
        'position',
        'model',
        'kind',
        'layers',
        'exits',
        'precision',
        'body_parameters',
        'embedding_parameters',
      ],
      ...['head_parameters', 'extra_head_parameters', 'weight_bytes', 'extra_head_bytes'],
    ],
    orderBy: ['run', 'position'],
    sql: `
SELECT m.run, m.position, m.model, m.kind, m.layers,
       (SELECT group_concat(exit, ' ')
        FROM (SELECT exit FROM sub_model s WHERE s.run = m.run AND s.model = m.model ORDER BY exit)) AS exits,
       m.precision, m.body_parameters, m.embedding_parameters, m.head_parameters, m.extra_head_parameters,
       m.weight_bytes, m.extra_head_bytes
FROM model m`,
  },
  {
    name: 'runs',
    description: "The runs in this file, their judge and how its settings deviate from PandaLM's.",
    columns: [
      ...[
        'run',
        'instructions',
        'judge',
        'judge_decoding',
        'judge_deviations',
        'tool_version',
        'started_at',
        'finished_at',
      ],
    ],
    orderBy: ['run'],
    sql: `
SELECT r.run, (SELECT count(*) FROM run_instruction i WHERE i.run = r.run) AS instructions, t.judge,
       j.decoding_json AS judge_decoding, t.judge_deviations, r.tool_version, r.started_at, r.finished_at
FROM run r LEFT JOIN judge j USING (run) LEFT JOIN run_judge t USING (run)`,
  },
];

/** Which answers are right. */
export const ANSWER_CORRECT: InnerView = {
  name: 'answer_correct',
  sql: 'SELECT run, model, exit, instruction_id, correct FROM responses',
};
