import { formatRows } from '../../terminal/result-table.ts';
import type { SweepOutlook } from './sweep-outlook.ts';

/** For people; programs take the JSON. */
export function outlookText(outlook: SweepOutlook, width?: number): string {
  const { sweep, instructions, klPasses, diskBytes } = outlook;
  const lines = [
    ...verdictLines(outlook),
    ...(klPasses > 0
      ? [`KL                ${number(klPasses)} teacher-forced ${klPasses === 1 ? 'pass' : 'passes'}`]
      : []),
    `Tokens to write   at most ${number(outlook.tokensAtMost.answers)} of answers, ${number(outlook.tokensAtMost.verdicts)} of verdicts`,
    `Results file      ${bytes(diskBytes)}`,
    ...hourLines(outlook),
  ];
  return `${sweep}: ${number(instructions)} ${instructions === 1 ? 'instruction' : 'instructions'}\n\n${modelTable(outlook, width)}\n${lines.join('\n')}\n`;
}

function modelTable({ models }: SweepOutlook, width?: number): string {
  const columns = ['model', 'exits', 'answers', 'stored', 'place', 'memory'];
  const rows = models.map(({ model, exits, answers, stored, place, workerBytes }) => [
    ...[model, exits, answers, stored, place],
    workerBytes === null ? null : `${bytes(workerBytes)} a worker`,
  ]);
  return formatRows({ columns, rows }, 'table', width).stdout;
}

function verdictLines({ verdicts }: SweepOutlook): string[] {
  if (!verdicts) return ['Verdicts          none'];
  const { pairs, prompts, promptsAre, stored, place, workerBytes } = verdicts;
  const count = promptsAre === 'exact' ? number(prompts) : `${promptsAre} ${number(prompts)}`;
  const memory = workerBytes === null ? '' : `, at most ${bytes(workerBytes)} a worker`;
  return [
    `Verdicts          ${number(pairs)} (each pair in both orders)`,
    `                  ${count} distinct prompts, ${number(stored)} of them stored`,
    `Judge             ${place}${memory}`,
  ];
}

function hourLines({ hours }: SweepOutlook): string[] {
  if (!hours)
    return [
      'Hours             not known: give --tokens-per-second, or --measure to try',
      '                  the first instructions',
    ];
  const { basis, ...parts } = hours;
  const named: readonly (readonly [string, number | null])[] = [
    ['answers', parts.answers],
    ['verdicts', parts.verdicts],
    ['KL', parts.kl],
    ['loglikelihoods', parts.loglikelihoods],
    ['speed', parts.speed],
  ];
  const known = named.flatMap(([, part]) => part ?? []);
  if (known.length === 0) return [`Hours             not known: ${basis}`];
  const sum = known.reduce((all, part) => all + part, 0);
  const rest = known.length < named.length ? ', without what is not known' : '';
  return [
    `Hours             ${time(sum)}${rest}`,
    `                  ${basis}`,
    ...named.map(([name, part]) => `  ${name.padEnd(16)}${part === null ? 'not known' : time(part)}`),
  ];
}

const number = (count: number) => Math.round(count).toLocaleString('en-US');

function time(hours: number): string {
  if (hours >= 1) return `${hours.toFixed(1)} h`;
  return hours >= 1 / 60 ? `${(hours * 60).toFixed(1)} min` : `${Math.round(hours * 3600)} s`;
}

function bytes(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)} GB` : `${Math.ceil(count / 1e6)} MB`;
}
