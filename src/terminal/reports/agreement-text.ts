/** What `agreement` prints: the protocol, the scores with intervals, the confusion matrix, and one line a pair of models. */

import type { AgreementRule } from '../../core/domain.ts';
import type { AgreementReport, ModelsAgreement } from '../../metrics/agreement-report.ts';
import { type ConfusionMatrix, LABELS, VERDICTS } from '../../metrics/confusion.ts';
import type { LengthPreference } from '../../metrics/length-preference.ts';
import { alignedText, labelledText, wrappedText } from '../terminal-layout.ts';
import { cut, visible, visibleJson } from '../text-width.ts';

const LABEL_WIDTH = 11;
/** What is left of 80 columns beside the counts. */
const MODELS_WIDTH = 28;

const MALFORMED: Readonly<Record<AgreementRule, string>> = {
  tie: "counts them as ties, as upstream's own scripts do",
  wrong: 'counts them as verdicts that no label equals',
  dropped: 'leaves their pairs out',
};

/** `width` in terminal columns; every line ends with a line break. */
export function agreementText(report: AgreementReport, width = 80): string {
  const sections = [
    protocolText(report, width),
    scoresText(report),
    confusionText(report),
    byModelsText(report.byModels, width),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The same numbers, shares in [0, 1], with the protocol in words; what there is no number for is null. */
export function agreementJson(report: AgreementReport): string {
  const { labels, judge, notes, ...numbers } = report;
  const protocol = Object.fromEntries(protocolOf(report));
  const ordered = { labels, judge, notes, protocol, ...numbers };
  return `${visibleJson(JSON.stringify(ordered, (_, value) => value ?? null, 2))}\n`;
}

function protocolText(report: AgreementReport, width: number): string {
  return protocolOf(report)
    .map(([label, text]) => labelledText(label, visible(text, width), LABEL_WIDTH, width))
    .join('\n');
}

/** What the numbers depend on, in words. */
function protocolOf(report: AgreementReport): [string, string][] {
  const { labels, pairs, prompts, annotators, withoutMajority, malformed, malformedRule } = report;
  const majority = `majority of ${annotators} annotators; where all differ (${withoutMajority} pairs), the first one's`;
  return [
    ['Labels', `${labels}: ${pairs} pairs on ${prompts} prompts`],
    ['Label', annotators === 1 ? 'the only one of each pair' : majority],
    ['Unanimous', unanimousText(report)],
    ['Judge', [report.judge, ...report.notes].join('; ')],
    ['Order', 'one, as labelled: response 1 in slot 1'],
    ['Longer', longerText(report)],
    [
      'Malformed',
      `${malformed} of ${pairs} verdicts; --malformed ${malformedRule} ${MALFORMED[malformedRule]}`,
    ],
    ['Averages', 'macro: plain means over the labels that occur, as scikit-learn has them'],
    [
      'Interval',
      `95 % percentile bootstrap, ${report.resamples} resamples of the prompts, seed ${report.seed}`,
    ],
  ];
}

function unanimousText({ unanimous: { count, total, share } }: AgreementReport): string {
  if (share === undefined) return 'unknown: one annotator a pair';
  return `${percent(share)} % of pairs (${count} of ${total}): all annotators agree`;
}

/** Of what names one of two responses of unequal length. */
function longerText({ longer: { judge, people } }: AgreementReport): string {
  const text = (who: string, { longer: { count, total, share }, equal }: LengthPreference) =>
    share === undefined
      ? `${who} in no pair of unequal length`
      : `${who} in ${percent(share)} % (${count} of ${total}; ${equal} of equal length)`;
  return `the longer response, in characters, is preferred by ${text('the judge', judge)}, by ${text('the labels', people)}`;
}

function scoresText({ intervals, ...report }: AgreementReport): string {
  const shares = (['accuracy', 'precision', 'recall', 'f1'] as const).map((key) => [
    { accuracy: 'Accuracy', precision: 'Precision', recall: 'Recall', f1: 'F1' }[key],
    percent(report[key]),
    `${percent(intervals[key].low)} to ${percent(intervals[key].high)}`,
  ]);
  const { kappa } = intervals;
  const kappaRange = kappa ? `${kappa.low.toFixed(4)} to ${kappa.high.toFixed(4)}` : '–';
  return alignedText([
    [`${report.counted} pairs counted`, '%', '95 % interval'],
    ...shares,
    ["Cohen's κ (no %)", report.kappa?.toFixed(4) ?? '–', kappaRange],
  ]);
}

function confusionText({ confusion, malformedRule }: AgreementReport): string {
  const verdicts = VERDICTS.filter((verdict) => verdict !== 'malformed' || malformedRule === 'wrong');
  const rows = LABELS.map((label) => {
    const counts = verdicts.map((verdict) => confusion[label][verdict]);
    return [`label: ${label}`, ...counts.map(String)];
  });
  const header = ['', ...verdicts.map((verdict) => `judge: ${verdict}`)];
  return `Confusion matrix\n${alignedText([header, ...rows])}`;
}

function byModelsText(groups: readonly ModelsAgreement[], width: number): string {
  if (groups.length === 0) return '';
  const rows = groups.map(({ models, pairs, confusion, accuracy }) => [
    cut(visible(models, MODELS_WIDTH), MODELS_WIDTH),
    String(pairs),
    accuracy === undefined ? '–' : percent(accuracy),
    labelled(confusion),
    judged(confusion),
  ]);
  const header = ['By pair of models', 'pairs', 'accuracy %', 'labels 1/2/tie', 'judge 1/2/tie'];
  const note = '1: the response of the model named first is preferred; 2: of the other.';
  return `${alignedText([header, ...rows])}\n${wrappedText(note, width)}`;
}

const IN_READING_ORDER = ['1', '2', 'tie'] as const;

function labelled(confusion: ConfusionMatrix): string {
  const given = IN_READING_ORDER.map((label) => sum(VERDICTS.map((verdict) => confusion[label][verdict])));
  return given.join('/');
}

function judged(confusion: ConfusionMatrix): string {
  const given = IN_READING_ORDER.map((verdict) => sum(LABELS.map((label) => confusion[label][verdict])));
  return given.join('/');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
