/** Every environment variable that `src/` reads, for docs/cli.md; a test compares the list with the sources. */
export const ENVIRONMENT: readonly { readonly name: string; readonly meaning: string }[] = [
  {
    name: 'SORTED_EVAL_PROVIDER',
    meaning: 'ONNX Runtime’s execution provider: `cpu` (default) or `cuda`. Part of every content key.',
  },
  { name: 'NO_COLOR', meaning: 'Any value except the empty one: no color in the terminal.' },
  {
    name: 'FORCE_COLOR',
    meaning: 'Color even without a terminal; `0` or `false`: no color. Takes precedence over `NO_COLOR`.',
  },
  { name: 'TERM', meaning: '`dumb`: no color.' },
  {
    name: 'ORT_DISABLE_TELEMETRY',
    meaning:
      'Set to 1 before ONNX Runtime loads, so that it reports nothing to Microsoft; a value that is there stays.',
  },
];
