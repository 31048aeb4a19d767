/** Views over what became of prompts: which responses are answers, and what was noticed in texts. */
import { RESPONSE_STATES, type ResponseState } from '../../core/domain.ts';
import { MEANING } from '../schema/column-meanings.ts';
import { sqlText } from '../schema/sql-list.ts';
import { integer, JUDGE_COLUMNS, SUB_MODEL_COLUMNS, text } from './view-columns.ts';
import { type View, view } from './view-type.ts';

const STATE_COLUMNS = {
  answered: integer('those that are answers, empty ones included'),
  prompt_too_long: integer('those whose prompt leaves no room in the context of the model'),
  no_content: integer('those for which the server sent no text'),
  refused: integer('those that the model or a filter declined'),
  cut_in_reasoning: integer('those whose thoughts do not end'),
  with_thoughts: integer('answers with thoughts before them'),
  stripped_thoughts: integer('those of them whose thoughts were taken out'),
  with_echo: integer('answers that begin with their prompt'),
  stripped_echo: integer('those of them whose prompt was taken out'),
};

const stateIs = (value: ResponseState) => `sum(g.state = ${sqlText(value)}) AS ${value}`;
const isStripped = (part: string) =>
  `instr(coalesce(g.decoding_json ->> '$.strip', ''), ${sqlText(`"${part}"`)}) > 0`;
const isIn = (column: string) => `(g.state = ${sqlText('answered')} AND g.${column} > 0)`;
const noticed = (column: string, part: string, name: string) =>
  `coalesce(sum(${isIn(column)}), 0) AS with_${name}, coalesce(sum(${isIn(column)} AND ${isStripped(part)}), 0) AS stripped_${name}`;

const STATE_COUNTS = [
  ...RESPONSE_STATES.map(stateIs),
  noticed('thought_characters', 'thoughts', 'thoughts'),
  noticed('echo_characters', 'echo', 'echo'),
].join(', ');

export const STATE_VIEWS: readonly View[] = [
  view({
    name: 'answer_states',
    description:
      'What became of the prompts of each exit: how many have an answer, and why others have none; only answers are judged and are right or wrong.',
    columns: {
      ...SUB_MODEL_COLUMNS,
      responses: integer('responses of the exit, those that are no answers included'),
      ...STATE_COLUMNS,
      cut_prompts: integer('those whose prompt lost the end of its input'),
    },
    orderBy: ['run', 'model', 'exit'],
    sql: `
SELECT a.run, a.model, a.exit, count(*) AS responses, ${STATE_COUNTS},
       count(g.decoding_json ->> '$.cutCharacters') AS cut_prompts
FROM answer a JOIN generation g USING (response_key)
GROUP BY a.run, a.model, a.exit`,
  }),
  view({
    name: 'unanswered',
    description: 'Every response that is no answer, with what came instead.',
    columns: {
      ...SUB_MODEL_COLUMNS,
      instruction_id: text(MEANING.instruction_id),
      position: integer(MEANING.set_position),
      state: text(MEANING.state),
      raw_text: text(['a refusal, thoughts, or the words of a server', 'nothing came']),
      finish_reason: text(MEANING.finish_reason),
      prompt_tokens: integer(MEANING.prompt_tokens),
      generated_tokens: integer(MEANING.generated_tokens),
    },
    orderBy: ['run', 'model', 'exit', 'position'],
    sql: `
SELECT a.run, a.model, a.exit, a.instruction_id, r.position, g.state, g.raw_text, g.finish_reason, g.prompt_tokens,
       g.generated_tokens
FROM answer a JOIN generation g USING (response_key) JOIN run_instruction r USING (run, instruction_id)
WHERE g.state <> ${sqlText('answered')}`,
  }),
  view({
    name: 'verdict_states',
    description:
      'What became of the prompts of the judge on each comparison; where it gave no text the verdict is malformed.',
    columns: {
      run: text(MEANING.run),
      comparison: text(MEANING.comparison),
      verdicts: integer('verdicts, two for each pair'),
      ...STATE_COLUMNS,
      ...JUDGE_COLUMNS,
    },
    orderBy: ['run', 'comparison'],
    sql: `
SELECT p.run, p.comparison, count(*) AS verdicts, ${STATE_COUNTS}, judge, judge_deviations
FROM judged_pair p JOIN judgement g USING (judgement_key) JOIN run_judge USING (run)
GROUP BY p.run, p.comparison`,
  }),
];
