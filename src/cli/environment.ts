/** Every environment variable that the command line reads. */
export const ENVIRONMENT: readonly { readonly name: string; readonly meaning: string }[] = [
  {
    name: 'SORTED_EVAL_PROVIDER',
    meaning: 'execution provider of ONNX Runtime: cpu (default) or cuda; part of every content key',
  },
  { name: 'NO_COLOR', meaning: 'set to anything: no colors in tables (no-color.org)' },
  { name: 'FORCE_COLOR', meaning: 'colors in tables even if stdout is not a terminal; 0 or false: none' },
  { name: 'TERM', meaning: 'dumb: no colors in tables' },
];
