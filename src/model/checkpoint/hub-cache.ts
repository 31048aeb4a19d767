/** Hugging Face's cache: snapshots of links into blobs, below a folder `models--<owner>--<name>` for each repository. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError } from '../../core/errors.ts';

const SNAPSHOT = /[/\\]models--([^/\\]+)[/\\]snapshots[/\\]([^/\\]+)(?:[/\\]|$)/;
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The absolute path of a checkpoint that a user names: a path from `from`, or a repository of the hub (`owner/name`) that
 * lies in the cache and at no such path.
 */
export function checkpointPath(from: string, name: string, environment: Environment = process.env): string {
  const path = resolve(from, name);
  if (existsSync(path) || !REPOSITORY.test(name)) return path;
  const cached = join(cacheFolder(environment), `models--${name.replace('/', '--')}`);
  return existsSync(cached) ? cached : path;
}

/**
 * The folder that a command line names in such a way.
 * @throws InputError as `snapshotIn`
 */
export function givenFolder(name: string): string {
  const path = checkpointPath('.', name);
  return snapshotIn(path === resolve(name) ? name : path);
}

/** As huggingface_hub looks for it (constants.py). */
function cacheFolder({ HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME }: Environment): string {
  if (HF_HUB_CACHE) return HF_HUB_CACHE;
  return join(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'), 'hub');
}

/**
 * The snapshot that a repository's folder of the cache stands for: that of `main`, or the only one. Any other folder is
 * returned as it is.
 * @throws InputError `not-found` where there are none or several
 */
export function snapshotIn(folder: string): string {
  const snapshots = join(folder, 'snapshots');
  if (existsSync(join(folder, 'config.json')) || !existsSync(snapshots)) return folder;
  const names = readdirSync(snapshots).sort();
  const main = join(folder, 'refs', 'main');
  const chosen = existsSync(main) ? readFileSync(main, 'utf8').trim() : names.length === 1 ? names[0]! : '';
  if (names.includes(chosen)) return join(snapshots, chosen);
  throw new InputError({
    code: 'not-found',
    where: snapshots,
    expected: `the snapshot of refs/main${chosen ? ` (${chosen})` : ', or one alone'}`,
    found: names.length === 0 ? 'none' : names.join(', '),
    fix: names.length === 0 ? 'Download the repository.' : 'Give the path of one of these.',
  });
}

/**
 * Refuses links of a checkpoint's small files that lead nowhere: a file that need not be there would be missing in
 * silence. Files of weights are looked at when they are read.
 * @throws InputError `not-found`
 */
export function refuseDanglingLinks(folder: string): void {
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    if (/\.(?:json|model|jinja|txt)$/.test(name) && isDangling(path)) throw dangling(path);
  }
}

/** A link that leads nowhere, as the line of an error names it; undefined for anything else. */
export function danglingTarget(path: string): string | undefined {
  return isDangling(path) ? `a link to ${readlinkSync(path)}, which is not there` : undefined;
}

/** What to do about a file that is missing in a snapshot; undefined outside of the cache. */
export function snapshotFix(path: string): string | undefined {
  const [, repository, revision] = SNAPSHOT.exec(resolve(path)) ?? [];
  if (repository === undefined) return undefined;
  return `The download is not complete: hf download ${repository.replace('--', '/')} --revision ${revision}.`;
}

function dangling(path: string): InputError {
  return new InputError({
    code: 'not-found',
    where: path,
    expected: 'a file',
    found: danglingTarget(path)!,
    fix: snapshotFix(path) ?? 'Copy the file itself, or remove the link.',
  });
}

function isDangling(path: string): boolean {
  if (existsSync(path)) return false;
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // Not there, or in no folder.
    return false;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there, or no folder; reading it says so.
    return [];
  }
}
