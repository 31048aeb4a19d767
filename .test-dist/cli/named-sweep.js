/** What the commands over a sweep file have in common. */
import { relative, resolve } from 'node:path';
import { NANO_OUTPUT, NANO_SWEEP } from '../config/nano-run.js';
import { countMissing } from '../evaluate/checks/missing.js';
import { closeSweep, openSweep } from '../evaluate/open-sweep.js';
import { progressOn } from '../terminal/progress-bars.js';
import { defineCommand } from './command.js';
import { MEMORY_OPTION, requireInteger } from './options.js';
import { EXIT } from './terminal.js';
export const SWEEP_ARGUMENT = {
    type: 'string',
    describe: 'sweep file (YAML)  [default: the bundled nano run]',
};
/** A command `<name> [sweep]` that opens the sweep for the time of `use`. */
export function defineSweepCommand(name, describe, use) {
    return defineCommand({
        command: `${name} [sweep]`,
        describe,
        builder: sweepArguments,
        run: (args, terminal) => withNamedSweep(args, terminal, (sweep) => use(sweep, terminal)),
    });
}
export function sweepArguments(args) {
    return args.positional('sweep', SWEEP_ARGUMENT).option('memory', MEMORY_OPTION);
}
/** The bundled sweep may lie in a `node_modules` folder; its results belong in the user's folder. */
export async function withNamedSweep({ sweep: path, memory }, { stderr, signal }, use) {
    const memoryMB = memory === undefined ? {} : { memoryMB: requireInteger('--memory', memory, { min: 1, unit: 'MB' }) };
    const output = path === undefined ? { output: resolve(NANO_OUTPUT) } : {};
    const options = { progress: progressOn(stderr), signal, ...memoryMB, ...output };
    const sweep = await openSweep(path ?? NANO_SWEEP, options);
    try {
        return await use(sweep);
    }
    finally {
        closeSweep(sweep);
    }
}
export function printFigures({ stdout }, figures) {
    const paths = figures.map((path) => relative(process.cwd(), path));
    stdout.write(`\nFigures\n${paths.map((path) => `  ${path}\n`).join('')}`);
}
export function exitCodeOf(checks) {
    return checks.every(({ passed }) => passed) ? EXIT.done : EXIT.failedCheck;
}
/** The last line on stderr; each reason was printed when it came up. */
export function reportMissing({ stderr }, missing) {
    if (countMissing(missing) === 0)
        return EXIT.done;
    const where = missing
        .map(({ label, reasons, total }) => `${label} ${reasons.length} of ${total}`)
        .join(', ');
    stderr.write(`Missing: ${where}. The others are stored; the same command tries only the missing ones.\n`);
    return EXIT.failedCheck;
}
