import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as library from '../src/index.ts';

/** Every name that a program can import and call. One that is missing here breaks programs. */
const VALUES = [
  'InputError',
  'NANO_FOLDER',
  'NANO_SWEEP',
  'Network',
  'PROTOCOLS',
  'SegmentedModel',
  'VIEWS',
  'agreementReport',
  'alpacaPrompt',
  'calibrate',
  'cellScores',
  'closeSweep',
  'countOutcomes',
  'drawResamples',
  'extractCheckpoint',
  'findRun',
  'generate',
  'importCheckpoint',
  'judgeOf',
  'judgePrompt',
  'measureAgreement',
  'measureDivergence',
  'openLocalJudge',
  'openModel',
  'openReadOnlyStore',
  'openSweep',
  'openTokenizer',
  'parseJudgeText',
  'parseVerdict',
  'progressOn',
  'querySql',
  'queryView',
  'readInstructions',
  'readSweepConfig',
  'renderRunFigure',
  'rowObjects',
  'runSweep',
  'scoreInterval',
  'scoreOf',
  'silentProgress',
  'toOutcome',
  'writeFigures',
];

/** Every type: this file does not compile when one is gone. */
type Types = [
  ...[library.Instruction, library.ModelKind, library.SubModel, library.StopReason, library.Generation],
  ...[library.Response, library.Comparison, library.Cell, library.Order, library.SlotVerdict],
  ...[library.Preference, library.Outcome, library.CellOutcomes, library.Policy, library.MalformedRule],
  ...[library.Score, library.KlValue, library.InputErrorCode, library.ImportOptions, library.Manifest],
  ...[library.DecodingSettings, library.Finished<0>, library.Prompt<0>, library.AnswerOptions],
  ...[library.SpeculativeSettings, library.AdaptiveSettings, library.Confidence],
  ...[library.ModelAnswer<0>, library.ModelQuestion<0>, library.OpenModel, library.Tokenizer],
  ...[library.Completer, library.CompleterPrompt<0>, library.CompleterReply<0>, library.Completion],
  ...[library.Judge, library.JudgeAnswer, library.JudgeFailure, library.JudgePrompt<0>],
  ...[library.JudgeReply<0>, library.LocalJudgeOptions, library.LocalDecoding, library.CompleterSettings],
  ...[library.JudgeProtocol, library.JudgeText, library.ResponsePair, library.Interval, library.Resamples],
  ...[library.Progress, library.Sweep, library.SweepOptions, library.SweepResult, library.Store],
  ...[library.SweepConfig, library.SweepFile, library.AgreementReport, library.AgreementOptions],
  ...[library.AgreementSettings, library.Divergence, library.KlSides, library.KlContinuation],
  ...[library.Continuation, library.FigureFiles],
  ...[library.QueryResult, library.SqlValue, library.Verdict, library.Counts, library.KlPoint],
];

describe('the public surface', () => {
  it('has these names, no more and no less', () => {
    expect(Object.keys(library).toSorted()).toEqual(VALUES.toSorted());
  });

  it('has these types', () => {
    expectTypeOf<Types>().toBeArray();
  });

  it('keeps the names of earlier versions as aliases', () => {
    expect(library.Network).toBe(library.SegmentedModel);
  });

  it('has every heading above its exports, in the order in which data flows', () => {
    const text = readFileSync(join(import.meta.dirname, '..', 'src', 'index.ts'), 'utf8');
    const sections = text.split(/^\/\/ (.*)\n\n/m).slice(1);
    const exportsOf = (start: string) =>
      sections[sections.findIndex((section) => section.startsWith(start)) + 1] ?? '';
    const headings = sections.filter((_, index) => index % 2 === 0).map((heading) => heading.split(/\W/)[0]);
    expect(headings).toEqual([
      ...['The', 'Read', 'Import', 'Open', 'Judge', 'Measure', 'Compare', 'Score', 'Run', 'Read', 'Draw'],
    ]);
    expect(exportsOf('Measure')).toContain('measureDivergence');
    expect(exportsOf('Compare')).toContain('agreementReport');
    expect(exportsOf('Draw')).toContain('writeFigures');
    expect(exportsOf('The nouns')).toContain('InputError');
    expect(exportsOf('Read instructions')).toContain('readInstructions');
    expect(exportsOf('Import a checkpoint')).toContain('importCheckpoint');
    expect(exportsOf('Open a model')).toContain('openModel');
    expect(exportsOf('Judge')).toContain('judgePrompt');
    expect(exportsOf('Score')).toContain('scoreOf');
    expect(exportsOf('Run a whole sweep')).toContain('runSweep');
    expect(exportsOf('Read results')).toContain('queryView');
  });
});
