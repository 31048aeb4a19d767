// Run a whole sweep, as `sorted-eval sweep` does. The same call resumes an interrupted run.
import { closeSweep, NANO_SWEEP, openSweep, runSweep, silentProgress } from 'sorted-eval';

const sweep = await openSweep(process.argv[2] ?? NANO_SWEEP, { progress: silentProgress });
const { checks, figures } = await runSweep(sweep);
closeSweep(sweep);
for (const { name, passed, detail } of checks)
  console.log(`${passed ? 'passed' : 'FAILED'} ${name}: ${detail}`);
console.log(figures.join('\n'));
