import { fileURLToPath } from 'node:url';

/** The sweep that comes with the package; it lies one folder up from both `src/` and `dist/`. */
export const NANO_SWEEP = fileURLToPath(new URL('../eval-data/nano/sweep.yaml', import.meta.url));
/** Where its results go, from the current folder. */
export const NANO_OUTPUT = 'reports/nano';
