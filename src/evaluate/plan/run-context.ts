/** The parts of a sweep that most functions need; each takes these and what else it reads, never the whole sweep. */

import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Comparison, Instruction } from '../../core/domain.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import type { PreparedJudge } from '../../sources/sources.ts';
import type { Store } from '../../store/database.ts';

/** A run of a results file. */
export interface RunContext {
  readonly store: Store;
  readonly run: string;
  readonly instructions: readonly Instruction[];
}

export interface ModelsContext extends RunContext {
  readonly models: ReadonlyMap<string, SweepModel>;
}

export interface ComparisonsContext extends ModelsContext {
  readonly comparisons: readonly Comparison[];
}

export interface JudgedContext {
  /** Not yet open; undefined if the sweep file names none. */
  readonly judge: PreparedJudge | undefined;
}

/** The keys of the sweep file that a function goes by. */
export interface ConfigContext<Keys extends keyof SweepConfig> {
  readonly config: Pick<SweepConfig, Keys>;
}
