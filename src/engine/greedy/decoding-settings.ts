import type { StopLimits } from './stop-reason.ts';

export interface DecodingSettings extends Pick<StopLimits, 'eosTokenIds' | 'stopWhen'> {
  readonly maxNewTokens: number;
  /** Rows that decode together; changes the speed, never a response. */
  readonly batchSize: number;
  /**
   * For keys and values of prompts that were read and wait for a place; changes the speed, never a response.
   */
  readonly memoryMB?: number | undefined;
}
