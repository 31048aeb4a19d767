import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const REPOSITORY = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/** What `npm pack --json` says. */
export interface Tarball {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** Builds and packs as a release does. */
export async function pack(destination: string): Promise<Tarball> {
  const options = ['--json', '--foreground-scripts=false', '--pack-destination', destination];
  const { stdout } = await run('npm', ['pack', ...options], { cwd: REPOSITORY });
  return JSON.parse(stdout)[0] as Tarball;
}

/**
 * Unpacks the tarball where `npm install` would, beside the repository's own copies of the dependencies that it
 * declares and no others.
 * @returns the package's folder
 */
export async function unpackInto(application: string, tarball: string): Promise<string> {
  const installed = join(application, 'node_modules', 'sorted-eval');
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) link(name, application);
  return installed;
}

export function link(name: string, application: string): void {
  const path = join(application, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(REPOSITORY, 'node_modules', name), path);
}

/** As a user's project would: strict, with the types of the package and its dependencies checked. */
export async function compileExamples(application: string, examples: string): Promise<void> {
  for (const name of readdirSync(examples)) copyFileSync(join(examples, name), join(application, name));
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
  };
  writeFileSync(join(application, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(join(application, 'package.json'), JSON.stringify({ type: 'module' }));
  const tsc = join(REPOSITORY, 'node_modules', '.bin', 'tsc');
  await run(tsc, ['-p', '.'], { cwd: application }).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
}

/** Runs a script of `node_modules` from the application's folder. */
export function runNode(application: string, script: string, ...args: string[]) {
  return run(process.execPath, [join('node_modules', script), ...args], { cwd: application });
}
