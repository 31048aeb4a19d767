import { spawn } from 'node:child_process';

export interface Measured {
  readonly seconds: number;
  /** Largest resident memory, in bytes. */
  readonly peakBytes: number;
  readonly stdout: string;
}

/** Its last act is to write its largest resident memory, in kB, to file descriptor 3. */
const REPORT = `import { writeSync } from 'node:fs';
process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`;

/**
 * Runs a TypeScript file as a process of its own, with Node's start and the compilation of the file in its
 * time.
 * @throws Error when it ends with another code than 0
 */
export function runMeasured(script: string, args: readonly string[]): Promise<Measured> {
  const hook = `data:text/javascript,${encodeURIComponent(REPORT)}`;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', hook, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  let [stdout, kilobytes] = ['', ''];
  child.stdout!.on('data', (data: Buffer) => {
    stdout += data;
  });
  child.stdio[3]!.on('data', (data: Buffer) => {
    kilobytes += data;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) return reject(new Error(`${script} ended with ${code}`));
      resolve({
        seconds: (performance.now() - startedAt) / 1000,
        peakBytes: Number(kilobytes) * 1024,
        stdout,
      });
    });
  });
}
