/** Name of the results file in a sweep's output folder. */
export const RESULTS_FILE = 'results.db';
