/** Views over how deep the tokens of responses went. */
import { MEANING } from '../schema/column-meanings.ts';
import { share } from './rules.ts';
import { integer, real, SUB_MODEL_COLUMNS, text } from './view-columns.ts';
import { type View, view } from './view-type.ts';

export const DEPTH_VIEWS: readonly View[] = [
  view({
    name: 'layers_used',
    description:
      'Mean layers a token of each sub-model; adaptive depth chooses them token by token (dynamic.md). Speculative decoding: what became of the drafts.',
    columns: {
      ...SUB_MODEL_COLUMNS,
      depth: text("how depth is chosen: 'fixed', 'adaptive', 'speculative'"),
      tokens: integer('generated tokens of all responses'),
      mean_layers: real(['mean over the tokens of the exit that each left at', 'no token was generated']),
      drafted: integer(MEANING.drafted),
      accepted: integer(MEANING.accepted),
      acceptance: real(['accepted / drafted, in [0, 1]', 'nothing was drafted']),
    },
    orderBy: ['run', 'model', 'exit'],
    sql: `
SELECT run, model, exit,
       CASE WHEN count(token_exits) > 0 THEN 'adaptive' WHEN count(drafted) > 0 THEN 'speculative' ELSE 'fixed' END AS depth,
       sum(tokens) AS tokens, ${share('sum(layers)', 'sum(tokens)')} AS mean_layers, sum(drafted) AS drafted,
       sum(accepted) AS accepted, ${share('sum(accepted)', 'sum(drafted)')} AS acceptance
FROM (
  SELECT a.run, a.model, a.exit, d.token_exits, d.drafted, d.accepted, json_array_length(g.token_ids) AS tokens,
         coalesce((SELECT sum(value) FROM json_each(d.token_exits)), a.exit * json_array_length(g.token_ids)) AS layers
  FROM answer a JOIN generation g USING (response_key) LEFT JOIN response_depth d USING (response_key)
)
GROUP BY run, model, exit`,
  }),
  view({
    name: 'token_depths',
    description:
      'Adaptive depth: of each response, the exit that every token left at, and where its text ends.',
    columns: {
      ...SUB_MODEL_COLUMNS,
      instruction_id: text(MEANING.instruction_id),
      token_exits: text(MEANING.token_exits[0]),
      token_ends: text(MEANING.token_ends),
    },
    orderBy: ['run', 'model', 'exit', 'instruction_id'],
    sql: `
SELECT a.run, a.model, a.exit, a.instruction_id, d.token_exits, d.token_ends
FROM answer a JOIN response_depth d USING (response_key) WHERE d.token_exits IS NOT NULL`,
  }),
];
