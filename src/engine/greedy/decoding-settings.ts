import type { SegmentedModel } from '../session/segmented-model.ts';
import type { Prompt } from './finished.ts';
import type { StopLimits } from './stop-reason.ts';

export interface DecodingSettings extends Pick<StopLimits, 'eosTokenIds' | 'stopWhen'> {
  readonly maxNewTokens: number;
  /** Rows that decode together; changes the speed, never a response. */
  readonly batchSize: number;
  /**
   * For keys and values of prompts that were read and wait for a place; changes the speed, never a response.
   */
  readonly memoryMB?: number | undefined;
  /** Default: 1, none. Any other needs a model that was opened with `openPenalised`. */
  readonly repetitionPenalty?: number | undefined;
}

/** What ends the responses to a prompt: its own limits, else those of all. */
export function limitsOf(
  { ids, limits }: Prompt<unknown>,
  model: Pick<SegmentedModel, 'manifest'>,
  { eosTokenIds, stopWhen, maxNewTokens }: DecodingSettings,
): StopLimits & { readonly maxNewTokens: number } {
  const { contextLength } = model.manifest.architecture;
  return { eosTokenIds, stopWhen, contextLength, promptTokens: ids.length, maxNewTokens, ...limits };
}
