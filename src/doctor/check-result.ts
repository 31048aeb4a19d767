import type { CheckRecord } from '../store/tables/score-table.ts';

/**
 * Runs one check. Its result is the finding; its error says what is wrong and what to do about it.
 * @throws the signal's reason when the check is aborted
 */
export async function check(name: string, find: () => string | Promise<string>): Promise<CheckRecord> {
  try {
    return { name, passed: true, detail: await find() };
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind === 'AbortError') throw error;
    return { name, passed: false, detail: message };
  }
}
