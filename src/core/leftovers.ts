import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What an import, an extraction or the hashing of weights writes before it gets its name. */
const PARTIAL = /\.partial-(\d+)$/;

/** Removes what processes that were killed left in a folder of model folders, and in these. */
export function removeLeftovers(models: string): void {
  for (const name of namesIn(models)) {
    removeIfLeft(models, name);
    for (const file of namesIn(join(models, name))) removeIfLeft(join(models, name), file);
  }
}

/** The same for what would have become `name`, alone: the folder may hold anything else. */
export function removeLeftoversOf(folder: string, name: string): void {
  for (const found of namesIn(folder)) {
    if (found.replace(PARTIAL, '') === name) removeIfLeft(folder, found);
  }
}

function removeIfLeft(folder: string, name: string): void {
  const [, pid] = PARTIAL.exec(name) ?? [];
  if (pid !== undefined && !isRunning(Number(pid)))
    rmSync(join(folder, name), { recursive: true, force: true });
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
