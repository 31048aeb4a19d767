#!/usr/bin/env node
import { EXIT, main } from './cli/cli.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    // A second one does not wait for the step in progress. Finished work is stored either way.
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort();
  });
}

const { stdout, stderr } = process;
// `sorted-eval query … | head` closes the pipe early; that is no error of anybody's.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});
process.exitCode = await main(process.argv.slice(2), { stdout, stderr, signal: interrupt.signal });
