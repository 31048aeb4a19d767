/** What is known of a sweep's models and judge before any of them is opened: exits, place and memory. */

import { InputError } from '../../core/errors.ts';
import { cacheBytes } from '../../engine/cache/memory-budget.ts';
import { describeModel } from '../../model/folder/describe.ts';
import { totalSize } from '../../model/folder/sizes/sub-model-sizes.ts';
import { dynamicAmong, numbersAmong } from '../../sources/dynamic/dynamic-exits.ts';
import { listedOrRecalled } from '../../sources/served/open-served.ts';
import type { JudgeConfig, ModelConfig } from '../../sources/sources.ts';
import { OWN_BYTES } from '../../worker/jobs/batch-needs.ts';

export interface PlaceOutlook {
  /** `this process`, the server's address, or `a file`. */
  readonly place: string;
  /** Of each worker that holds it; null: not known, or not in this process. */
  readonly workerBytes: number | null;
}

export interface ExitsOutlook extends PlaceOutlook {
  readonly exits: readonly number[];
  /** Names of depths that are chosen token by token. */
  readonly dynamic: readonly string[];
}

/** Rows that decode together, and tokens of each at most. */
interface BatchOutlook {
  readonly batchSize: number;
  readonly rowTokens: number;
}

/**
 * @param where `models.soft`, for the errors
 * @throws InputError for a checkpoint that is none; `unanswered` for a server that does not answer where the sweep file has no exits
 */
export async function exitsOutlook(
  config: ModelConfig,
  batch: BatchOutlook,
  where: string,
  servers: { readonly output: string; readonly signal?: AbortSignal | undefined },
): Promise<ExitsOutlook> {
  if ('server' in config) {
    const exits = config.exits ?? (await listedOrRecalled(config.server, config.model, where, servers)).exits;
    return { place: config.server.baseUrl, workerBytes: null, exits, dynamic: [] };
  }
  if ('path' in config) {
    const wanted = config.exits ?? [];
    const exits = config.exits ? numbersAmong(wanted) : describeModel(config.path).exits;
    return {
      ...inThisProcess(config.path, config.precision, batch),
      exits,
      dynamic: dynamicAmong(wanted).map(({ name }) => name),
    };
  }
  const byExit = 'endpoint' in config ? config.exits : config.answers;
  const exits = typeof byExit === 'string' ? [] : Object.keys(byExit).map(Number);
  if (exits.length === 0) throw unknownExits(where);
  const place = 'endpoint' in config ? config.endpoint.baseUrl : 'a file';
  return { place, workerBytes: null, exits, dynamic: [] };
}

export function judgeOutlook(config: JudgeConfig, rowTokens: number): PlaceOutlook {
  if ('server' in config) return { place: config.server.baseUrl, workerBytes: null };
  if ('endpoint' in config) return { place: config.endpoint.baseUrl, workerBytes: null };
  if ('verdicts' in config) return { place: 'a file', workerBytes: null };
  return inThisProcess(config.path, config.precision, { batchSize: config.batchSize, rowTokens });
}

/** Bytes of a parameter in memory: sessions hold float weights as float32, and quantised ones with their scales. */
const PARAMETER_BYTES = { fp32: 4, int8: 1.13, int4: 0.7 } as const;

/** Weights, keys and values of a whole batch, and a worker's own share. */
function inThisProcess(
  path: string,
  precision: keyof typeof PARAMETER_BYTES | undefined,
  { batchSize, rowTokens }: BatchOutlook,
): PlaceOutlook {
  const model = describeModel(path);
  const { architecture } = model;
  const each = PARAMETER_BYTES[precision ?? model.precision ?? 'fp32'];
  const tied = architecture.tiedHead ? architecture.hiddenSize * architecture.vocabSize : 0;
  const weights = each * (totalSize(model).parameters + tied);
  const rows = batchSize * cacheBytes(architecture, Math.min(rowTokens, architecture.contextLength));
  return { place: 'this process', workerBytes: Math.round(weights + rows + OWN_BYTES) };
}

function unknownExits(where: string): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${where}.answers`,
    expected: 'a file for each exit, so that its exits are known before it is read',
    found: 'one file for all',
    fix: 'Run the sweep: recorded responses are read in seconds.',
  });
}
