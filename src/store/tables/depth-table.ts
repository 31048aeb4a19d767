/** How deep the tokens of responses went, where depth was chosen token by token. */
import type { Depths } from '../../core/domain.ts';
import { RESPONSE_DEPTH } from '../schema/depth-tables.ts';
import type { Database } from '../sqlite-driver.ts';
import { inserter } from './statements.ts';

const insert = inserter(RESPONSE_DEPTH, 'keep');

/** Part of `saveResponses`. Nothing for a response at a fixed exit. */
export function insertDepths(
  store: Pick<Database, 'run'>,
  responseKey: string,
  { tokenExits, tokenEnds, drafts }: Depths,
): void {
  if (!tokenExits && !drafts) return;
  insert(store, {
    responseKey,
    tokenExits: tokenExits ? JSON.stringify(tokenExits) : null,
    tokenEnds: tokenEnds ? JSON.stringify(tokenEnds) : null,
    drafted: drafts?.drafted ?? null,
    accepted: drafts?.accepted ?? null,
  });
}
