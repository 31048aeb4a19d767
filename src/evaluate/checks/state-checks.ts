/** Checks that say what became of prompts: reported, but no failures, since a model may decline and a context has an end. */

import { read } from '../../store/read/read.ts';
import {
  type AnswerStates,
  answerStatesRead,
  UNANSWERED_STATES,
  type VerdictStates,
  verdictStatesRead,
} from '../../store/read/state-reads.ts';
import type { CheckRecord } from '../../store/tables/score-table.ts';
import type { RunContext } from '../plan/run-context.ts';

/** A check for each kind of thing that occurs. */
export function stateChecks({ store, run }: RunContext): CheckRecord[] {
  const answers = read(store, answerStatesRead(run));
  const verdicts = read(store, verdictStatesRead(run));
  return [
    check('responses that are no answer, not judged', answers, unanswered),
    check('prompts cut to fit a model', answers, ({ cutPrompts }) => counted(cutPrompts, '')),
    check('thoughts in responses', answers, (row) => inText(row.withThoughts, row.strippedThoughts)),
    check('responses that begin with their prompt', answers, (row) => inText(row.withEcho, row.strippedEcho)),
    check('verdicts without a text of the judge', verdicts, unanswered),
    check('thoughts in texts of the judge', verdicts, (row) =>
      inText(row.withThoughts, row.strippedThoughts),
    ),
    check('texts of the judge that begin with their prompt', verdicts, (row) =>
      inText(row.withEcho, row.strippedEcho),
    ),
  ].filter((found) => found !== undefined);
}

/** A check that passes and lists the rows in which something occurs. */
function check<Row extends AnswerStates | VerdictStates>(
  name: string,
  rows: readonly Row[],
  occurs: (row: Row) => string,
): CheckRecord | undefined {
  const found = rows.flatMap((row) => (occurs(row) === '' ? [] : [`${whole(row)}: ${occurs(row)}`]));
  return found.length === 0 ? undefined : { name, passed: true, detail: found.join('; ') };
}

function whole(row: AnswerStates | VerdictStates): string {
  return 'model' in row
    ? `${row.model}@${row.exit}, of ${row.responses}`
    : `${row.comparison}, of ${row.verdicts}`;
}

function unanswered(row: AnswerStates | VerdictStates): string {
  return UNANSWERED_STATES.map(([field, words]) => counted(row[field], ` ${words}`))
    .filter((text) => text !== '')
    .join(', ');
}

function inText(count: number, stripped: number): string {
  const taken =
    stripped === 0 ? 'kept as it came' : stripped === count ? 'taken out' : `${stripped} taken out`;
  return counted(count, `, ${taken}`);
}

const counted = (count: number, words: string) => (count === 0 ? '' : `${count}${words}`);
