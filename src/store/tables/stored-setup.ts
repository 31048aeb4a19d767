/** The setup of a run as its row of the table `run` has it. */

import type { SweepConfig } from '../../config/sweep-file.ts';
import { isObject, parseStoredJson } from '../damage/stored-json.ts';

/** An older or a newer file may lack any key. */
type Partly<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: Partly<Value[Key]> }
    : Value;

/**
 * What `config_json` holds of a sweep file: a key that is renamed there fails to compile where it is read.
 */
export type StoredSetup = Partly<SweepConfig> & {
  /** Of models whose prompts begin with another token than their tokenizer's own, by name. */
  readonly firstTokens?: Readonly<Record<string, number>>;
};

/**
 * @param configJson column `config_json` of a run
 * @throws InputError `bad-results` where it is damaged
 */
export function parseStoredSetup(configJson: string, run: string): StoredSetup {
  return parseStoredJson(
    configJson,
    { table: 'run', column: 'config_json', key: run },
    isObject,
  ) as StoredSetup;
}
