#!/usr/bin/env node
/**
 * Checks Node's version before anything is imported that an old Node cannot load. These lines run on every Node that knows
 * ES modules: no syntax and no import of theirs is newer.
 */
import { EXIT } from './cli/terminal.js';
import { isNodeSupported, MIN_NODE } from './core/version.js';
const found = process.versions.node;
if (isNodeSupported(found)) {
    start();
}
else {
    const fix = `Install a newer Node: https://nodejs.org.`;
    process.stderr.write(`sorted-eval: ${process.execPath}: expected Node ${MIN_NODE} or later, found ${found}. ${fix}\n`);
    process.exitCode = EXIT.badInput;
}
function start() {
    const interrupt = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM']) {
        process.on(signal, () => {
            // The second one does not wait for the step in progress. Finished work is stored either way.
            if (interrupt.signal.aborted)
                process.exit(EXIT.interrupted);
            interrupt.abort();
        });
    }
    const { stdout, stderr } = process;
    // `sorted-eval query … | head` closes the pipe early; that is not an error.
    stdout.on('error', (error) => {
        if (error.code === 'EPIPE')
            process.exit(EXIT.done);
        throw error;
    });
    import('./cli/cli.js')
        .then(({ main }) => main(process.argv.slice(2), { stdout, stderr, signal: interrupt.signal }))
        .then((exitCode) => {
        process.exitCode = exitCode;
    });
}
