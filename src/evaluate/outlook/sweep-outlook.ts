/** What a sweep will do, before it does it. Nothing is imported, hashed or asked to answer. */

import type { SweepConfig } from '../../config/sweep-file.ts';
import { dynamicModelName } from '../../core/sub-models.ts';
import { readInstructions } from '../../data/instructions.ts';
import type { Store } from '../../store/database.ts';
import { tokensAtMost } from '../../worker/jobs/tokens-at-most.ts';
import { planComparisons } from '../plan/plan-comparisons.ts';
import { diskBytes } from './disk-outlook.ts';
import type { MeasuredPasses, MeasuredRound, MeasuredSample, MeasuredTexts } from './measured-sample.ts';
import { secondsFor } from './pace.ts';
import { type ExitsOutlook, exitsOutlook, judgeOutlook, type PlaceOutlook } from './place-outlook.ts';
import { type Sureness, sharedPrompts, storedSharing } from './verdict-outlook.ts';

export interface ModelOutlook extends PlaceOutlook {
  readonly model: string;
  readonly exits: number;
  readonly answers: number;
  readonly stored: number;
}

export interface VerdictOutlook extends PlaceOutlook {
  /** Each pair in both orders. */
  readonly pairs: number;
  /** Distinct prompts: equal answers make equal ones, which are read once. */
  readonly prompts: number;
  readonly promptsAre: Sureness;
  readonly stored: number;
}

export interface SweepOutlook {
  readonly sweep: string;
  readonly instructions: number;
  readonly models: readonly ModelOutlook[];
  readonly verdicts: VerdictOutlook | null;
  /** Teacher-forced passes: of each instruction in each curve one for all exits. */
  readonly klPasses: number;
  /** That are still to be written. */
  readonly tokensAtMost: { readonly answers: number; readonly verdicts: number };
  /** Of the results file. */
  readonly diskBytes: number;
  /** For what is still to be done; null: no throughput is known. */
  readonly hours: Hours | null;
}

/** Null: not known. From tokens a second only answers and verdicts are. */
export interface Hours {
  readonly answers: number | null;
  readonly verdicts: number | null;
  readonly kl: number | null;
  readonly loglikelihoods: number | null;
  readonly speed: number | null;
  readonly basis: string;
}

export interface OutlookOptions {
  /** Of all that is written, by answers and verdicts alike. */
  readonly tokensPerSecond?: number | undefined;
  readonly sample?: MeasuredSample | undefined;
  /** The run, where it is stored. */
  readonly stored?: { readonly store: Store; readonly run: string } | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws InputError for a checkpoint, an instruction file or a server that is not there */
export async function sweepOutlook(config: SweepConfig, options: OutlookOptions): Promise<SweepOutlook> {
  const all = readInstructions(config.instructions, config.records, () => {});
  const instructions = all.slice(0, config.limit);
  const texts = instructions.map(({ instruction, input }) => instruction + input);
  const longest = tokensAtMost(texts, config.generation.maxNewTokens, {
    contextLength: Number.POSITIVE_INFINITY,
  });
  const places = await exitsOf(config, longest, options.signal);
  const models = [...places].map(([model, place]): ModelOutlook => {
    const exits = place.exits.length + place.dynamic.length;
    const { workerBytes } = place;
    const answers = exits * instructions.length;
    return { model, exits, answers, stored: storedAnswers(options, model), place: place.place, workerBytes };
  });
  const verdicts = verdictsOf(config, places, instructions.length, longest, options);
  const counts = { config, places, models, verdicts, instructions: instructions.length };
  return {
    sweep: config.name,
    instructions: instructions.length,
    models,
    verdicts,
    klPasses: (config.kl?.curves.length ?? 0) * instructions.length,
    tokensAtMost: openTokens(counts),
    diskBytes: diskOf(counts, options),
    hours: hoursOf(counts, options),
  };
}

interface Counts {
  readonly config: SweepConfig;
  readonly places: ReadonlyMap<string, ExitsOutlook>;
  readonly models: readonly ModelOutlook[];
  readonly verdicts: VerdictOutlook | null;
  readonly instructions: number;
}

async function exitsOf({ models, generation, output }: SweepConfig, rowTokens: number, signal?: AbortSignal) {
  const places = new Map<string, ExitsOutlook>();
  for (const [name, model] of Object.entries(models)) {
    const batch = { batchSize: generation.batchSize, rowTokens };
    places.set(name, await exitsOutlook(model, batch, `models.${name}`, { output, signal }));
  }
  return places;
}

function storedAnswers({ stored }: OutlookOptions, model: string): number {
  if (!stored) return 0;
  // With its depths that are chosen token by token: `soft@adaptive:0.9`.
  const sql =
    "SELECT count(*) AS rows FROM answer WHERE run = @run AND (model = @model OR model LIKE @model || '@%')";
  return stored.store.get<{ rows: number }>(sql, { run: stored.run, model })!.rows;
}

function verdictsOf(
  config: SweepConfig,
  places: ReadonlyMap<string, ExitsOutlook>,
  instructions: number,
  longest: number,
  { stored, sample }: OutlookOptions,
): VerdictOutlook | null {
  const { judge, comparisons } = config;
  if (!judge || comparisons.length === 0) return null;
  const cells = planComparisons(config, comparedModels(places), config.name).map(
    ({ exitsA, exitsB }) => exitsA.length * exitsB.length,
  );
  const orders = 2;
  const pairs = orders * instructions * cells.reduce((all, one) => all + one, 0);
  const known = stored && storedSharing(stored.store, stored.run, judge);
  const sharing = known && known.pairs + known.unanswered > 0 ? known : sample?.sharing;
  const rowTokens = 3 * longest + verdictTokens(config);
  return {
    pairs,
    ...sharedPrompts(pairs, sharing),
    stored: known?.judged ?? 0,
    ...judgeOutlook(judge, rowTokens),
  };
}

/** Each with those beside it that choose their depth token by token, whose one exit is the deepest. */
function comparedModels(places: ReadonlyMap<string, ExitsOutlook>) {
  const models = [...places].flatMap(([name, { exits, dynamic }]) => [
    { name, exits },
    ...dynamic.map((own) => ({ name: dynamicModelName(name, own), exits: exits.slice(-1) })),
  ]);
  return new Map(models.map((model) => [model.name, model]));
}

function verdictTokens({ judge }: SweepConfig): number {
  return judge && 'maxNewTokens' in judge ? judge.maxNewTokens : 0;
}

/** Answers and prompts that are still to be written. */
function openOf({ models, verdicts }: Counts) {
  const open = models.reduce((all, { answers, stored }) => all + Math.max(0, answers - stored), 0);
  return { answers: open, verdicts: Math.max(0, (verdicts?.prompts ?? 0) - (verdicts?.stored ?? 0)) };
}

function openTokens(counts: Counts): SweepOutlook['tokensAtMost'] {
  const open = openOf(counts);
  return {
    answers: open.answers * counts.config.generation.maxNewTokens,
    verdicts: open.verdicts * verdictTokens(counts.config),
  };
}

function diskOf({ config, places, models, verdicts, instructions }: Counts, options: OutlookOptions): number {
  const lengths = lengthsOf(config, options);
  const curves = (config.kl?.curves ?? []).map(({ model }) => places.get(model)!.exits.length * instructions);
  return diskBytes({
    answers: models.reduce((all, one) => all + one.answers, 0),
    answerTokens: lengths.answer,
    prompts: verdicts?.prompts ?? 0,
    verdictTokens: lengths.verdict,
    pairs: verdicts?.pairs ?? 0,
    curves: curves.reduce((all, one) => all + one, 0),
    positions: config.kl?.positions ?? 0,
  });
}

/** Tokens of an answer and of a verdict: of those that are stored or tried, else at most. */
function lengthsOf(config: SweepConfig, { stored, sample }: OutlookOptions) {
  const meanIn = (table: string) =>
    stored?.store.get<{ mean: number | null }>(`SELECT avg(generated_tokens) AS mean FROM ${table}`, {})
      ?.mean;
  return {
    answer: meanIn('generation') ?? sample?.answers?.tokens ?? config.generation.maxNewTokens,
    verdict: meanIn('judgement') ?? sample?.verdicts?.tokens ?? verdictTokens(config),
  };
}

const HOUR = 3600;

function hoursOf(counts: Counts, options: OutlookOptions): Hours | null {
  const { sample, tokensPerSecond } = options;
  if (sample) return measuredHours(counts, sample, options);
  if (tokensPerSecond === undefined) return null;
  const open = openOf(counts);
  const lengths = lengthsOf(counts.config, options);
  const hours = (tokens: number) => tokens / tokensPerSecond / HOUR;
  const basis = `${tokensPerSecond} tokens a second${options.stored ? '' : ', all texts of full length'}`;
  return {
    answers: hours(open.answers * lengths.answer),
    verdicts: hours(open.verdicts * lengths.verdict),
    ...{ kl: null, loglikelihoods: null, speed: null },
    basis,
  };
}

function measuredHours(counts: Counts, sample: MeasuredSample, options: OutlookOptions): Hours {
  const open = openOf(counts);
  const { answers, verdicts, kl, loglikelihoods, speed } = sample;
  const texts = (pieces: number, measured: MeasuredTexts | undefined) => {
    if (pieces === 0) return 0;
    return measured ? secondsFor(pieces, measured) / HOUR : null;
  };
  const passes = (measured: MeasuredPasses | undefined, stored: number) =>
    measured === undefined
      ? null
      : secondsFor(Math.max(0, measured.perInstruction * counts.instructions - stored), measured) / HOUR;
  return {
    answers: texts(open.answers, answers),
    verdicts: texts(open.verdicts, verdicts),
    kl: passes(kl, storedRows(options, 'SELECT count(*) AS rows FROM kl_curve WHERE run = @run')),
    loglikelihoods: passes(loglikelihoods, storedRows(options, STORED_LOGLIKELIHOODS)),
    speed: speed ? speedHours(speed, counts.config.speed.repetitions, options) : null,
    basis: measuredBasis(sample),
  };
}

/** Texts that did not end in time are not among them: a short mean says so. */
function measuredBasis({ answers, verdicts }: MeasuredSample): string {
  const words = (measured: MeasuredTexts | undefined, name: string) =>
    measured ? [`${measured.texts} ${name}${lengthText(measured)}`] : [];
  const parts = [...words(answers, 'answers'), ...words(verdicts, 'verdicts')];
  return parts.length > 0 ? `measured: ${parts.join(', ')}` : 'no answer ended in the time of --measure';
}

const lengthText = ({ tokens }: MeasuredTexts) => (tokens === null ? '' : ` of ${tokens.toFixed(0)} tokens`);

const STORED_LOGLIKELIHOODS =
  'SELECT count(DISTINCT response_key) AS rows FROM likelihood WHERE response_key IN (SELECT response_key FROM answer WHERE run = @run)';

function speedHours({ seconds, timings }: MeasuredRound, rounds: number, options: OutlookOptions): number {
  const stored = storedRows(options, 'SELECT count(*) AS rows FROM run_speed WHERE run = @run');
  const open = Math.max(0, 1 - stored / Math.max(1, timings));
  return (open * rounds * seconds) / HOUR;
}

function storedRows({ stored }: OutlookOptions, sql: string): number {
  return stored?.store.get<{ rows: number }>(sql, { run: stored.run })?.rows ?? 0;
}
