/** One command for each stage of a sweep. */

import { generateStage } from '../../evaluate/stages/generate-stage.ts';
import { judgeStage } from '../../evaluate/stages/judge-stage.ts';
import { klStage } from '../../evaluate/stages/kl-stage.ts';
import { loglikelihoodStage } from '../../evaluate/stages/loglikelihood-stage.ts';
import { reparseStage } from '../../evaluate/stages/reparse-stage.ts';
import { scoreStage } from '../../evaluate/stages/score-stage.ts';
import { speedStage } from '../../evaluate/stages/speed-stage.ts';
import { timedSettings } from '../../store/tables/speed-table.ts';
import { printable } from '../../terminal/text-width.ts';
import { type Command, defineCommand } from '../command.ts';
import {
  defineSweepCommand,
  exitCodeOf,
  reportMissing,
  sweepArguments,
  withNamedSweep,
} from '../named-sweep.ts';
import { EXIT } from '../terminal.ts';

const generateCommand = defineSweepCommand(
  'generate',
  'generate a response to every instruction at every exit',
  async (sweep, terminal) => reportMissing(terminal, await generateStage(sweep)),
  { withoutJudge: true },
);

const speedCommand = defineSweepCommand(
  'speed',
  'measure how fast every exit writes tokens on this machine',
  async (sweep, terminal) => {
    const missing = await speedStage(sweep);
    if (missing.length === 0 && timedSettings(sweep.store, sweep.run).size === 0)
      sweep.progress.note(
        'speed: nothing is timed: no batch sizes, or no model here or on a server that times',
      );
    return reportMissing(terminal, missing);
  },
  { withoutJudge: true },
);

/** `sorted-eval judge [sweep.yaml] [--reparse]` */
const judgeCommand = defineCommand({
  command: 'judge [sweep]',
  describe: 'judge every pair of responses in both orders',
  builder: (args) =>
    sweepArguments(args).option('reparse', {
      type: 'boolean',
      describe: 'parse the stored texts of judges again; no judge runs',
    }),
  run: (args, terminal) =>
    withNamedSweep(
      args,
      terminal,
      async (sweep) => {
        if (!args.reparse) return reportMissing(terminal, await judgeStage(sweep));
        terminal.stdout.write(printable(`${reparseStage(sweep)} stored texts were parsed again.\n`));
        return EXIT.done;
      },
      args.reparse ? { servers: 'recall' } : {},
    ),
});

const klCommand = defineSweepCommand(
  'kl',
  'measure KL divergence along the responses of the reference models',
  async (sweep, terminal) => reportMissing(terminal, await klStage(sweep)),
  { withoutJudge: true },
);

const likelihoodCommand = defineSweepCommand(
  'likelihood',
  'measure the loglikelihood of the responses under a scorer model',
  async (sweep, terminal) => reportMissing(terminal, await loglikelihoodStage(sweep)),
  { withoutJudge: true },
);

const scoreCommand = defineSweepCommand(
  'score',
  'score the cells from stored verdicts',
  (sweep) => exitCodeOf(scoreStage(sweep)),
  { mustExist: true, servers: 'recall' },
);

export const stageCommands: readonly Command[] = [
  generateCommand,
  speedCommand,
  judgeCommand,
  klCommand,
  likelihoodCommand,
  scoreCommand,
];
