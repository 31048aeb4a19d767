/** The environment variables that the program and its tests read. A test compares the list with the sources. */

export interface EnvironmentVariable {
  readonly name: string;
  readonly meaning: string;
}

export const ENVIRONMENT: readonly EnvironmentVariable[] = [
  {
    name: 'SORTED_EVAL_PROVIDER',
    meaning:
      'ONNX Runtime’s execution provider: `cpu` (default) or `cuda` ([performance](performance.md#cuda)). Part of every content key.',
  },
  {
    name: 'NO_COLOR',
    meaning: 'Any value except the empty one: no color in the terminal.',
  },
  {
    name: 'FORCE_COLOR',
    meaning: 'Color even without a terminal; `0` or `false`: no color. Takes precedence over `NO_COLOR`.',
  },
  { name: 'TERM', meaning: '`dumb`: no color.' },
];

/** An endpoint’s key is read from the variable that its `apiKeyEnv` names: any name. */
export const ENDPOINT_KEYS =
  'Keys of servers are read from the variables that `apiKeyEnv` names in the [sweep file](sweep-file.md).';
