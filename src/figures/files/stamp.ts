/** Texts inside a figure's file, for readers who find it without the text around it. */
export interface FigureStamp {
  /** Name of the run; absent in a figure of published scores alone. */
  readonly run?: string;
  /** Of what was compared and how: 64 hex digits (`readRunSha256`). */
  readonly runSha256?: string;
  /** Draws the figure again in the folder of the results file. */
  readonly command: string;
}

export const RUN_KEY = 'sorted-eval run';
export const COMMAND_KEY = 'sorted-eval command';

/** Keys and texts, in the order in which they are written. */
export function stampTexts(title: string, stamp: FigureStamp | undefined): [key: string, text: string][] {
  const common: [string, string][] = [
    ['Title', title],
    ['Software', 'sorted-eval'],
  ];
  if (stamp === undefined) return common;
  const run: [key: string, text: string][] =
    stamp.run === undefined ? [] : [[RUN_KEY, `${stamp.run} ${stamp.runSha256}`]];
  return [...common, ...run, [COMMAND_KEY, stamp.command]];
}
