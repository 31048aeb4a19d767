/**
 * The documented interface of a results file. A view that changes here needs a new migration
 * (`migrations.ts`), since the views lie in the file, where any SQLite program from 3.37 on finds them: one
 * text that an older one cannot parse would make the whole file unreadable to it, so there is no `ORDER BY`
 * inside of an aggregate here.
 */

import { CATEGORY_VIEWS } from './category-views.ts';
import { DEPTH_GAP_VIEWS, INNER_DEPTH_GAP_VIEWS } from './depth-gap-views.ts';
import { DEPTH_VIEWS } from './depth-views.ts';
import { INNER_JUDGING_VIEWS, JUDGING_VIEWS } from './judging-views.ts';
import { MEASUREMENT_VIEWS, SPEED } from './measurement-views.ts';
import { ANSWER_LOOKS, QUALITY_VIEWS } from './quality-views.ts';
import { RESPONSE_CORRECT, RESPONSE_VIEWS } from './response-views.ts';
import { RUN_VIEWS } from './run-views.ts';
import { SCORE_VIEWS } from './score-views.ts';
import { STATE_VIEWS } from './state-views.ts';
import type { View } from './view-type.ts';

export const VIEWS: readonly View[] = [
  ...SCORE_VIEWS,
  ...JUDGING_VIEWS,
  ...RESPONSE_VIEWS,
  ...MEASUREMENT_VIEWS,
  ...DEPTH_VIEWS,
  ...DEPTH_GAP_VIEWS,
  ...RUN_VIEWS,
  ...QUALITY_VIEWS,
  ...CATEGORY_VIEWS,
  ...STATE_VIEWS,
];

/** What a migration runs after its tables. */
export const VIEW_STATEMENTS: readonly string[] = [
  ...INNER_JUDGING_VIEWS,
  RESPONSE_CORRECT,
  ANSWER_LOOKS,
  SPEED,
  ...INNER_DEPTH_GAP_VIEWS,
  ...VIEWS,
].map(({ name, sql }) => `CREATE VIEW ${name} AS ${sql.trim()}`);
