import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RESULTS_FILE } from './results-file.js';
/**
 * The nano trio and its judge, data and sweep file, as they come with the package: checkpoints are
 * `models/{sft,soft,early-exit,judge}`. It lies one folder up from both `src/` and `dist/`.
 */
export const NANO_FOLDER = fileURLToPath(new URL('../../eval-data/nano', import.meta.url));
export const NANO_SWEEP = join(NANO_FOLDER, 'sweep.yaml');
/** Where its results go, from the current folder. */
export const NANO_OUTPUT = 'reports/nano';
export const NANO_RESULTS = join(NANO_OUTPUT, RESULTS_FILE);
