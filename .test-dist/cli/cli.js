import yargs, {} from 'yargs';
import { InputError } from '../core/errors.js';
import { VERSION } from '../core/version.js';
import { agreementCommand } from './commands/agreement-command.js';
import { compareCommand } from './commands/compare-command.js';
import { doctorCommand } from './commands/doctor-command.js';
import { exportCommand } from './commands/export-command.js';
import { figuresCommand } from './commands/figures-command.js';
import { importCommand } from './commands/import-command.js';
import { infoCommand } from './commands/info-command.js';
import { queryCommand } from './commands/query-command.js';
import { stageCommands } from './commands/stage-commands.js';
import { reportCommand, sweepCommand } from './commands/sweep-command.js';
import { viewCommand } from './commands/view-command.js';
import { badOption } from './options.js';
import { EXIT } from './terminal.js';
/** In the order of `--help`. */
const COMMANDS = [
    sweepCommand,
    ...stageCommands,
    figuresCommand,
    reportCommand,
    importCommand,
    infoCommand,
    doctorCommand,
    queryCommand,
    viewCommand,
    exportCommand,
    agreementCommand,
    compareCommand,
];
/** Columns of `--help`. */
const HELP_WIDTH = 80;
/** Runs one command line and returns how it ended; prints errors, never exits. */
export async function main(args, terminal) {
    let exitCode = EXIT.done;
    const parser = createParser(async (command, options) => {
        exitCode = await command.run(options, terminal);
    });
    try {
        await parser.parseAsync([...args], {}, (_error, _argv, output) => {
            if (output)
                terminal.stdout.write(`${output}\n`);
        });
        return exitCode;
    }
    catch (error) {
        return report(error, terminal);
    }
}
/** What `sorted-eval --help` prints (under `''`), and `sorted-eval <command> --help` of every command, at 80 columns. */
export async function helpTexts() {
    const texts = new Map();
    for (const name of ['', ...COMMANDS.map(({ command }) => command.split(' ')[0])]) {
        await createParser(async () => { }).parseAsync([name, '--help'].filter(Boolean), {}, (_error, _argv, text) => {
            texts.set(name, text);
        });
    }
    return texts;
}
function createParser(run) {
    const parser = yargs();
    for (const { command, describe, builder, ...rest } of COMMANDS) {
        const handler = (options) => run({ command, describe, builder, ...rest }, options);
        parser.command({ command, describe, builder, handler });
    }
    return (parser
        .scriptName('sorted-eval')
        .usage('$0 <command>\n\nCompares all exits of sorted language models.')
        .demandCommand(1, 'none')
        .strict()
        .locale('en')
        // Of an option that is given twice the last one counts; a list would reach code that expects a string.
        .parserConfiguration({ 'duplicate-arguments-array': false })
        .version(VERSION)
        .wrap(HELP_WIDTH)
        .exitProcess(false)
        .fail((message, error) => {
        const fix = 'See sorted-eval --help.';
        throw error ?? badOption('command line', 'a command and its options', message, fix);
    }));
}
function report(error, { stderr, signal }) {
    if (signal.aborted) {
        stderr.write('Interrupted. Finished work is stored; the same command resumes it.\n');
        return EXIT.interrupted;
    }
    if (error instanceof InputError) {
        stderr.write(`sorted-eval: ${error.message}\n`);
        return error.code === 'unanswered' ? EXIT.failedCheck : EXIT.badInput;
    }
    stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.bug;
}
