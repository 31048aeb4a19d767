/** What every figure and page of a run shows: its models, comparisons, judge and number of instructions. */
import type { Comparison, Policy } from '../../core/domain.ts';
import { dynamicLabel, partsOfDynamicName } from '../../core/sub-models.ts';
import type { StoredDecoding } from '../../judge/decoding-words.ts';
import type { JudgeModel } from '../../judge/judge-model.ts';
import type { Reader } from '../database.ts';
import { type ModelRecord, readComparisons, readModels } from '../tables/model-table.ts';
import { parseStoredSetup, type StoredSetup } from '../tables/stored-setup.ts';
import { defineRead, readFirst } from './read.ts';

export interface RunModel extends ModelRecord {
  /** Its name in figures and tables. */
  readonly label: string;
}

export interface RunHead {
  readonly run: string;
  readonly instructions: number;
  /** `null`: nothing is judged. */
  readonly judge: string | null;
  /** Which model it is; `null` or missing: not stored. */
  readonly judgeModel?: JudgeModel | null;
  /** How it decodes; missing where nothing is judged. */
  readonly judgeDecoding?: StoredDecoding | null;
  /** In words, `; ` between them; `null`: none. */
  readonly judgeDeviations: string | null;
  /** Name of the judge's protocol; `null` or missing: the default. */
  readonly judgeProtocol?: string | null;
  /** The run's own policy; `null` until it was scored. */
  readonly policy: Policy | null;
  /** In the order of the sweep file. */
  readonly models: readonly RunModel[];
  readonly comparisons: readonly Comparison[];
  /** KL curves as the sweep file orders them: whose exits, from which model. */
  readonly curves: readonly CurveNames[];
  /** The batch size that speed by exit is shown at; `null`: not measured. */
  readonly speedBatchSize: number | null;
}

export interface CurveNames {
  readonly model: string;
  readonly reference: string;
}

/** `undefined` where the file has no such run. */
export function readRunHead(store: Reader, run: string): RunHead | undefined {
  const row = readFirst(store, defineRead<HeadRow>(SELECT, { run }));
  if (row === undefined) return undefined;
  const { config: text, judgeDecoding: decoding, ...head } = row;
  const config = parseStoredSetup(text, run);
  return {
    ...head,
    judgeModel: judgeModelOf(store, run),
    judgeDecoding: decoding === null ? null : (JSON.parse(decoding) as StoredDecoding),
    models: readModels(store, run).map((model) => ({ ...model, label: labelIn(config, model.model) })),
    comparisons: readComparisons(store, run),
    curves: config.kl?.curves ?? [],
    speedBatchSize: config.speed?.batchSizes?.[0] ?? null,
  };
}

interface HeadRow
  extends Pick<RunHead, 'run' | 'instructions' | 'judge' | 'judgeDeviations' | 'judgeProtocol' | 'policy'> {
  readonly config: string;
  /** JSON. */
  readonly judgeDecoding: string | null;
}

function judgeModelOf(store: Reader, run: string): JudgeModel | null {
  // Files of older schemas have no such columns, and no view `judges`.
  const wanted = defineRead<JudgeModel>(SELECT_MODEL, { run }, { needs: 'judges' });
  return readFirst(store, wanted) ?? null;
}

function labelIn({ models = {} }: StoredSetup, name: string): string {
  const parts = partsOfDynamicName(name);
  if (parts) return dynamicLabel(labelIn({ models }, parts.model), parts.dynamic);
  return (Object.hasOwn(models, name) ? models[name]?.label : undefined) ?? name;
}

const SELECT = `SELECT v.run, v.instructions, v.judge, nullif(v.judge_deviations, '') AS judge_deviations, r.policy,
  v.judge_decoding ->> '$.protocol' AS judge_protocol, v.judge_decoding, r.config_json AS config
FROM runs v JOIN run r USING (run)
WHERE v.run = @run`;

const SELECT_MODEL = `SELECT model AS name, parameters, source
FROM judge
WHERE run = @run AND model IS NOT NULL`;
