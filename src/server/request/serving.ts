import type { LanePool } from '../lane-pool.ts';
import type { ServedModels } from '../served-models.ts';

/** What the routes work with. */
export interface Serving {
  readonly models: ServedModels;
  readonly pool: LanePool;
  readonly maxPromptTokens: number;
  /** Seconds since 1970, when the server started. */
  readonly startedAt: number;
  readonly isEnding: () => boolean;
}
