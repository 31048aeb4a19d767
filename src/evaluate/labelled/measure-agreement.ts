import { basename, join } from 'node:path';
import { RESULTS_FILE } from '../../config/results-file.ts';
import { readSweepConfig, type SweepConfig } from '../../config/sweep-file.ts';
import type { AgreementRule } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { sha256OfSmallFile } from '../../core/sha256.ts';
import { type LabelledPair, readHumanLabels } from '../../data/human-labels.ts';
import {
  type JudgedPair,
  joinVerdicts,
  readRecordedVerdicts,
} from '../../data/recorded/recorded-verdicts.ts';
import type { Judge } from '../../judge/judge.ts';
import { type AgreementReport, agreementReport, type JudgeSource } from '../../metrics/agreement-report.ts';
import { countedPairs } from '../../metrics/human-agreement.ts';
import { type JudgeConfig, prepareJudge } from '../../sources/sources.ts';
import { openStore } from '../../store/database.ts';
import { ownFolder } from '../../store/folder-owner.ts';
import { type HumanAgreementRecord, saveHumanAgreement } from '../../store/tables/human-agreement-table.ts';
import type { WorkerOptions } from '../../worker/job-runner.ts';
import { requireJudge } from '../plan/require-judge.ts';
import type { StageOptions } from '../stage.ts';
import { judgeLabelled } from './judge-labelled.ts';

export interface AgreementSettings {
  /** File of pairs that annotators labelled. */
  readonly labels: string;
  /** File of recorded verdicts; this or `judge`. */
  readonly verdicts: string | undefined;
  /** Sweep file whose judge is measured. */
  readonly judge: string | undefined;
  readonly malformed: AgreementRule;
  readonly seed: number;
  /** Whether to wait while another command works in the output folder of the sweep file. */
  readonly wait: boolean;
}

interface Judged extends JudgeSource {
  readonly pairs: readonly JudgedPair[];
}

/**
 * Measures a judge against human labels.
 * @throws InputError for invalid files, or if not exactly one of verdicts and judge is given
 */
export async function measureAgreement(
  settings: AgreementSettings,
  options: StageOptions & WorkerOptions,
): Promise<AgreementReport> {
  const { labels, verdicts, judge, malformed: malformedRule, seed, wait } = settings;
  const labelled = readHumanLabels(labels, options.progress.note);
  if ((verdicts === undefined) === (judge === undefined)) throw notOneSource(verdicts !== undefined);
  const report = ({ pairs, ...source }: Judged) => {
    if (countedPairs(pairs, malformedRule) === 0) throw nothingCounted(pairs.length);
    return agreementReport(pairs, { ...source, labels, malformedRule, seed });
  };
  if (verdicts !== undefined) return report(recordedVerdicts(labelled, verdicts));
  return judgeAndReport(labelled, judge!, { ...options, wait }, report);
}

function recordedVerdicts(labelled: readonly LabelledPair[], path: string): Judged {
  const verdicts = readRecordedVerdicts(path);
  // Only a number is a tie under this text: PandaLM's own result files.
  const hasZeros = verdicts.some(({ text }) => text === '0');
  const notes = hasZeros ? ['its 0 stands for ties and for what PandaLM could not read alike'] : [];
  return { judge: `recorded in ${path}`, notes, pairs: joinVerdicts(labelled, verdicts, path) };
}

/** The result is stored with the judge, so that the summary of each of its runs includes the agreement with people. */
async function judgeAndReport(
  labelled: readonly LabelledPair[],
  path: string,
  { wait, ...options }: StageOptions & WorkerOptions & { readonly wait: boolean },
  report: (judged: Judged) => AgreementReport,
): Promise<AgreementReport> {
  const { config } = readSweepConfig(path);
  const judgeConfig = requireJudge(config.judge, `${path}: judge`);
  const { identical, output } = config;
  const { progress, signal } = options;
  const owner = await ownFolder(output, { wait, note: progress.note, signal });
  try {
    return await judgeOwned(labelled, judgeConfig, { identical, output }, options, report);
  } finally {
    owner.release();
  }
}

async function judgeOwned(
  labelled: readonly LabelledPair[],
  judgeConfig: JudgeConfig,
  { identical, output }: Pick<SweepConfig, 'identical' | 'output'>,
  options: StageOptions,
  report: (judged: Judged) => AgreementReport,
): Promise<AgreementReport> {
  const prepared = await prepareJudge(judgeConfig, { ...options, identical, output });
  const judge = await prepared.open();
  try {
    const store = openStore(join(output, RESULTS_FILE));
    try {
      const { pairs, cut } = await judgeLabelled(store, judge, labelled, options);
      const cutNote = `responses of ${cut} prompts cut to fit the judge's context`;
      const notes = [...judgeNotes(judge), ...(cut > 0 ? [cutNote] : [])];
      const found = report({ judge: judge.label, notes, pairs });
      saveHumanAgreement(store, toRecord(judge, found));
      return found;
    } finally {
      store.close();
    }
  } finally {
    await judge.close();
  }
}

function toRecord({ key, decoding }: Judge, report: AgreementReport): HumanAgreementRecord {
  const { accuracy: interval } = report.intervals;
  return {
    judgeKey: key,
    decoding,
    labelsSha256: sha256OfSmallFile(report.labels),
    labels: basename(report.labels),
    malformedRule: report.malformedRule,
    pairs: report.counted,
    accuracy: report.accuracy,
    accuracyLow: interval.low,
    accuracyHigh: interval.high,
    macroF1: report.f1,
    kappa: report.kappa ?? null,
  };
}

function judgeNotes({ decoding, deviations, protocol }: Judge): string[] {
  const settings = Object.entries(decoding).filter(([, value]) => typeof value !== 'object');
  return [
    `decoding: ${settings.map(([name, value]) => `${name} ${value}`).join(', ')}`,
    ...deviations.map((text) => `deviation from ${protocol.title}: ${text}`),
  ];
}

function notOneSource(both: boolean): InputError {
  return new InputError({
    code: 'bad-option',
    where: 'agreement',
    expected: '--verdicts <file> or --judge <sweep.yaml>',
    found: both ? 'both' : 'neither',
    fix: 'Name the file of recorded verdicts, or the sweep file whose judge is measured.',
  });
}

function nothingCounted(pairs: number): InputError {
  return new InputError({
    code: 'empty',
    where: 'agreement',
    expected: 'at least one pair to count',
    found: pairs === 0 ? 'no pairs' : `${pairs} pairs, all malformed and dropped`,
    fix: 'Count malformed verdicts with --malformed tie or wrong, or judge again.',
  });
}
