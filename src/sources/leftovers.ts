import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MODELS_FOLDER } from './prepare-folder.ts';

/** What an import or the hashing of weights writes before it gets its name. */
const PARTIAL = /\.partial-(\d+)$/;

/** Removes what processes that were killed left among the imported models of an output folder. */
export function removeLeftovers(output: string): void {
  const models = join(output, MODELS_FOLDER);
  for (const name of namesIn(models)) {
    removeIfLeft(join(models, name));
    for (const file of namesIn(join(models, name))) removeIfLeft(join(models, name, file));
  }
}

function removeIfLeft(path: string): void {
  const [, pid] = PARTIAL.exec(path) ?? [];
  if (pid !== undefined && !isRunning(Number(pid))) rmSync(path, { recursive: true, force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there yet, or a file.
    return [];
  }
}

/** EPERM: a process of another user. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
