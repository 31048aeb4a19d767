import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const REVISION = '12fd25f77366fa6b3b4b768ec3050bf629380bac';

/** Moves a checkpoint's files into a cache as huggingface_hub lays it out: blobs, and a snapshot of links to them. */
export function intoHubCache(
  checkpoint: string,
  hub: string,
  repository: string,
): { folder: string; snapshot: string } {
  const folder = join(hub, `models--${repository.replace('/', '--')}`);
  const snapshot = join(folder, 'snapshots', REVISION);
  for (const path of [snapshot, join(folder, 'blobs'), join(folder, 'refs')])
    mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, 'refs', 'main'), REVISION);
  for (const [index, name] of readdirSync(checkpoint).sort().entries()) {
    const blob = `${index}`.padStart(40, 'b');
    renameSync(join(checkpoint, name), join(folder, 'blobs', blob));
    symlinkSync(join('..', '..', 'blobs', blob), join(snapshot, name));
  }
  return { folder, snapshot };
}
