import { relative, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { NANO_OUTPUT, NANO_SWEEP } from '../../config/nano-run.ts';
import { countMissing, type MissingResults } from '../../evaluate/checks/missing.ts';
import { closeSweep, openSweep, type Sweep, type SweepOptions } from '../../evaluate/open-sweep.ts';
import { runSweep } from '../../evaluate/run-sweep.ts';
import { generateStage } from '../../evaluate/stages/generate-stage.ts';
import { judgeStage, reparseStage } from '../../evaluate/stages/judge-stage.ts';
import { klStage } from '../../evaluate/stages/kl-stage.ts';
import { loglikelihoodStage } from '../../evaluate/stages/loglikelihood-stage.ts';
import { scoreStage } from '../../evaluate/stages/score-stage.ts';
import { speedStage } from '../../evaluate/stages/speed-stage.ts';
import type { CheckRecord } from '../../store/tables/score-table.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { summaryText } from '../../terminal/reports/run-summary.ts';
import { EXIT, type ExitCode, type Terminal } from '../cli.ts';
import { checkMemory, MEMORY_OPTION } from '../memory.ts';

type SetExitCode = (code: ExitCode) => void;
type SweepArguments = { sweep?: string | undefined; memory: number; reparse?: boolean | undefined };
type SweepCommand = CommandModule<object, SweepArguments>;

/** `sorted-eval sweep [sweep.yaml]`: all stages. */
export function sweepCommand(terminal: Terminal, setExitCode: SetExitCode): SweepCommand {
  return onSweep(
    'sweep',
    'run all stages: generate, judge, KL, score, figures; resumable',
    terminal,
    async (sweep) => {
      const { checks, figures, missing } = await runSweep(sweep);
      terminal.stdout.write(summaryText(sweep.store, sweep.run));
      printFigures(terminal, figures);
      setExitCode(exitCodeOf(checks));
      reportMissing(terminal, missing, setExitCode);
    },
  );
}

/** One command for each stage. */
export function stageCommands(terminal: Terminal, setExitCode: SetExitCode): SweepCommand[] {
  return [
    onSweep('generate', 'answer every instruction at every exit', terminal, async (sweep) => {
      const missing = await generateStage(sweep);
      await speedStage(sweep);
      reportMissing(terminal, missing, setExitCode);
    }),
    judgeCommand(terminal, setExitCode),
    onSweep('kl', 'measure KL divergence along the references’ answers', terminal, (sweep) => klStage(sweep)),
    onSweep('likelihood', 'ask a reference how likely it finds the answers', terminal, (sweep) =>
      loglikelihoodStage(sweep),
    ),
    onSweep('score', 'score the cells from stored verdicts', terminal, async (sweep) => {
      setExitCode(exitCodeOf(scoreStage(sweep)));
    }),
  ];
}

/** `sorted-eval judge [sweep.yaml] [--reparse]` */
function judgeCommand(terminal: Terminal, setExitCode: SetExitCode): SweepCommand {
  const describe = 'have the judge read every pair in both orders';
  const command = onSweep('judge', describe, terminal, async (sweep, { reparse }) => {
    if (reparse) terminal.stdout.write(`${reparseStage(sweep)} stored texts were read again.\n`);
    else reportMissing(terminal, await judgeStage(sweep), setExitCode);
  });
  const about = 'read the stored texts of judges again instead of asking';
  return {
    ...command,
    builder: (args) => sweepArgument(args).option('reparse', { type: 'boolean', describe: about }),
  };
}

/** `sorted-eval report [sweep.yaml]`: the tables that `sweep` prints at its end. */
export function reportCommand(terminal: Terminal): SweepCommand {
  return onSweep('report', 'print the tables of a run', terminal, async (sweep) => {
    terminal.stdout.write(summaryText(sweep.store, sweep.run));
  });
}

function onSweep(
  name: string,
  describe: string,
  terminal: Terminal,
  use: (sweep: Sweep, args: SweepArguments) => Promise<void>,
): SweepCommand {
  return {
    command: `${name} [sweep]`,
    describe,
    builder: sweepArgument,
    handler: async (args) => {
      const { stderr, signal } = terminal;
      const { sweep: path, memory: memoryMB } = args;
      checkMemory(memoryMB);
      const sweep = await openNamed(path, { progress: progressOn(stderr), signal, memoryMB });
      try {
        await use(sweep, args);
      } finally {
        closeSweep(sweep);
      }
    },
  };
}

/** The bundled sweep may lie in a `node_modules` folder; its results belong where the user is. */
export function openNamed(path: string | undefined, options: SweepOptions): Promise<Sweep> {
  if (path !== undefined) return openSweep(path, options);
  return openSweep(NANO_SWEEP, { ...options, output: resolve(NANO_OUTPUT) });
}

function sweepArgument(args: Argv): Argv<SweepArguments> {
  return args
    .positional('sweep', { type: 'string', describe: 'sweep file (YAML); none: the bundled nano run' })
    .option('memory', MEMORY_OPTION);
}

export function printFigures({ stdout }: Terminal, figures: readonly string[]): void {
  const paths = figures.map((path) => relative(process.cwd(), path));
  stdout.write(`\nFigures\n${paths.map((path) => `  ${path}\n`).join('')}`);
}

function exitCodeOf(checks: readonly CheckRecord[]): ExitCode {
  return checks.every(({ passed }) => passed) ? EXIT.done : EXIT.failedCheck;
}

/** The last line on stderr; what is missing and why was said when it failed. */
function reportMissing(
  { stderr }: Terminal,
  missing: readonly MissingResults[],
  setExitCode: SetExitCode,
): void {
  const count = countMissing(missing);
  if (count === 0) return;
  const where = missing
    .map(({ label, reasons, total }) => `${label} ${reasons.length} of ${total}`)
    .join(', ');
  stderr.write(`Missing: ${where}. What was answered is stored; the same command asks for just the rest.\n`);
  setExitCode(EXIT.failedCheck);
}
