/**
 * The documented interface of a results file. A view that changes here needs a new migration (`migrations.ts`), since the
 * views lie in the file, where any SQLite program from 3.37 on finds them: one text that an older one cannot parse would make
 * the whole file unreadable to it, so there is no `ORDER BY` inside of an aggregate here.
 */
import { ANSWER_CORRECT, ANSWER_VIEWS } from './answer-views.js';
import { INNER_JUDGING_VIEWS, JUDGING_VIEWS } from './judging-views.js';
import { ANSWER_LOOKS, QUALITY_VIEWS } from './quality-views.js';
import { RUN_VIEWS } from './run-views.js';
import { SCORE_VIEWS } from './score-views.js';
export const VIEWS = [
    ...SCORE_VIEWS,
    ...JUDGING_VIEWS,
    ...ANSWER_VIEWS,
    ...RUN_VIEWS,
    ...QUALITY_VIEWS,
];
/** What a migration runs after its tables. */
export const VIEW_STATEMENTS = [
    ...INNER_JUDGING_VIEWS,
    ANSWER_CORRECT,
    ANSWER_LOOKS,
    ...VIEWS,
].map(({ name, sql }) => `CREATE VIEW ${name} AS ${sql.trim()}`);
