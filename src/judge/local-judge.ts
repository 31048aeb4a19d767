import { type Judge, judgeOf } from './judge.ts';
import { type LocalCompleterOptions, openLocalCompleter } from './local-completer.ts';
import type { JudgeProtocol } from './protocols/judge-protocol.ts';
import { DEFAULT_PROTOCOL, protocolNamed } from './protocols/protocols.ts';

export interface LocalJudgeOptions extends LocalCompleterOptions {
  /** Default: PandaLM's. */
  readonly protocol?: JudgeProtocol;
}

/**
 * A judge that runs in this thread: the full depth of a model folder.
 * @throws InputError when the folder does not fit
 */
export async function openLocalJudge(
  folder: string,
  { protocol = protocolNamed(DEFAULT_PROTOCOL), ...options }: LocalJudgeOptions,
): Promise<Judge> {
  return judgeOf(protocol, await openLocalCompleter(folder, options));
}
