import { readFileSync, writeFileSync } from 'node:fs';

/** Reads the job that the bench handed over, and writes what comes of it. */
export async function serve<Job, Result>(work: (job: Job) => Promise<Result>): Promise<void> {
  const [jobPath, resultPath] = process.argv.slice(2);
  if (!jobPath || !resultPath)
    throw new Error('started by npm run bench, with a job and a place for the result');
  const result = await work(JSON.parse(readFileSync(jobPath, 'utf8')) as Job);
  writeFileSync(resultPath, JSON.stringify(result));
  // Some engines keep threads that would keep the process.
  process.exit(0);
}

/** An optional package of scripts/bench/package.json. Typed by its users: it is no dependency of the project. */
export async function optionalPackage<Library>(name: string): Promise<Library> {
  try {
    return (await import(name)) as Library;
  } catch (cause) {
    console.error(
      `${name} is not installed (npm install --ignore-scripts --prefix scripts/bench): ${(cause as Error).message}`,
    );
    process.exit(3);
  }
}

export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const startedAt = performance.now();
  const value = await work();
  return { seconds: (performance.now() - startedAt) / 1000, value };
}
