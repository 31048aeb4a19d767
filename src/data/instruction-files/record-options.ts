/** How the records of an instruction file are read: the keys of `records` in a sweep file. */

export const TURN_RULES = ['refuse', 'first'] as const;
export const DUPLICATE_RULES = ['refuse', 'first'] as const;

/** LlamaFactory's names of columns, and the keys that formats have in their place. */
export const COLUMN_KEYS = {
  prompt: 'instruction',
  query: 'input',
  response: 'output',
  system: 'system',
  history: 'history',
  messages: 'conversations',
} as const;
export type Column = keyof typeof COLUMN_KEYS;

export interface RecordOptions {
  /** Of a record with several turns: `first` reads the first alone. */
  readonly turns: (typeof TURN_RULES)[number];
  /** Of records that ask the same: `first` reads the first alone. */
  readonly duplicates: (typeof DUPLICATE_RULES)[number];
  /** Keys whose content is left out. */
  readonly ignoreKeys: readonly string[];
  /** A file's own keys, by what they hold. */
  readonly columns: { readonly [Name in Column]?: string | undefined };
}

export const DEFAULT_RECORD_OPTIONS: RecordOptions = {
  turns: 'refuse',
  duplicates: 'refuse',
  ignoreKeys: [],
  columns: {},
};
