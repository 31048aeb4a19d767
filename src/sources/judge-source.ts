import type { z } from 'zod';
import type { Completer } from '../judge/completer.ts';
import type { JudgeProtocol } from '../judge/protocols/judge-protocol.ts';
import type { PrepareOptions } from './model-source.ts';

export interface PrepareJudgeOptions extends PrepareOptions {
  /** For keys and values of what a judge's prompts have in common, in MB; changes no verdict. */
  readonly memoryMB?: number | undefined;
}

/** A place that the texts of judges come from. A new one is a file and a line in `sources.ts`. */
export interface JudgeSource<Config> {
  /** The key of the judge in the sweep file by which this source is chosen. */
  readonly key: string;
  /** As people name it. */
  readonly title: string;
  /** The keys as a user writes them. */
  readonly keys: z.ZodObject;
  /** The same with the protocol's defaults filled in. */
  readonly schema: z.ZodType<Config>;
  /** Works on another machine, so this one can compute meanwhile. */
  readonly isRemote: boolean;
  /** May leave verdicts out, which is no error of this program. */
  readonly mayBeIncomplete: boolean;
  /** The configuration with its paths made absolute. */
  inFolder(config: Config, folder: string): Config;
  /**
   * @throws InputError naming the environment variable of an API key that the judge needs and does not find
   */
  requireApiKey(config: Config): void;
  /**
   * Checks and imports what the judge needs; the result opens its completer.
   * @throws InputError for whatever does not fit
   */
  prepare(
    config: Config,
    protocol: JudgeProtocol,
    options: PrepareJudgeOptions,
  ): Promise<() => Promise<Completer>>;
}
