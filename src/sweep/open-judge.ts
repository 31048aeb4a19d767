import { basename } from 'node:path';
import type { JudgeConfig } from '../config.ts';
import { openHttpJudge } from '../judge/http-judge.ts';
import type { Judge } from '../judge/judge.ts';
import { openLocalJudge } from '../judge/local-judge.ts';
import { openRecordedJudge } from '../judge/recorded-judge.ts';
import { prepareJudgeFolder } from './models.ts';

/** A judge that fits, not yet open. */
export type PreparedJudge = () => Promise<Judge>;

/**
 * Imports a judge's checkpoint, or checks what else its part of the sweep file says, before anything is computed.
 * @throws InputError for whatever does not fit
 */
export async function prepareJudge(config: JudgeConfig, output: string): Promise<PreparedJudge> {
  const { label } = config;
  if ('path' in config) {
    const folder = await prepareJudgeFolder(config.path, output);
    return () => openLocalJudge(folder, { ...config, label: label ?? 'judge' });
  }
  if ('endpoint' in config) return async () => openHttpJudge({ ...config, label: label ?? config.model });
  const judge = openRecordedJudge({ ...config, label: label ?? basename(config.verdicts) });
  return async () => judge;
}
