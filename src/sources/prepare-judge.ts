import { basename } from 'node:path';
import type { JudgeConfig, SweepConfig } from '../config/sweep-file.ts';
import type { Completer } from '../judge/completer.ts';
import { identicalIsTie } from '../judge/identical-is-tie.ts';
import { type Judge, judgeOf } from '../judge/judge.ts';
import { protocolNamed } from '../judge/protocols/protocols.ts';
import { openEndpointCompleter } from './endpoint-completer.ts';
import { openFolderCompleter } from './folder-completer.ts';
import type { HashModelOptions } from './hash-model.ts';
import { openRecordedCompleter } from './recorded-completer.ts';
import { prepareJudgeFolder } from './sweep-models.ts';

/** A judge that fits, not yet open. */
export type PreparedJudge = () => Promise<Judge>;

type Settings = Pick<SweepConfig, 'judge' | 'identical' | 'output'>;

export interface JudgeOptions extends HashModelOptions {
  /** For keys and values of what a judge's prompts have in common; changes no verdict. */
  readonly memoryMB?: number | undefined;
}

/**
 * Imports the checkpoint of a sweep's judge, or checks what else the sweep file says of it, before anything is computed.
 * @throws InputError for whatever does not fit
 */
export async function prepareJudge(
  { judge, identical, output }: Settings,
  options: JudgeOptions,
): Promise<PreparedJudge | undefined> {
  const open = judge && (await prepare(judge, output, options));
  return open && identical === 'tie' ? async () => identicalIsTie(await open()) : open;
}

async function prepare(config: JudgeConfig, output: string, options: JudgeOptions): Promise<PreparedJudge> {
  const protocol = protocolNamed(config.protocol);
  const open = await prepareCompleter(config, output, options);
  return async () => judgeOf(protocol, await open());
}

async function prepareCompleter(
  config: JudgeConfig,
  output: string,
  options: JudgeOptions,
): Promise<() => Promise<Completer>> {
  const { label } = config;
  if ('path' in config) {
    const folder = await prepareJudgeFolder(config, output, options);
    const { memoryMB } = options;
    return () => openFolderCompleter(folder, { ...config, memoryMB, label: label ?? 'judge' });
  }
  if ('endpoint' in config)
    return async () => openEndpointCompleter({ ...config, label: label ?? config.model });
  const named = { ...config, label: label ?? basename(config.verdicts) };
  const completer = openRecordedCompleter(named, protocolNamed(config.protocol));
  return async () => completer;
}
