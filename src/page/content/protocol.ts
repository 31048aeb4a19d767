/** How a run was made, in plain words. Pure. */
import { answerWords } from '../../core/decoding/answer-words.ts';
import type { Policy } from '../../core/domain.ts';
import { labelOf } from '../../figures/run/labels.ts';
import { judgeNotes } from '../../figures/run/score-notes.ts';
import type { StoredDecoding } from '../../judge/decoding-words.ts';
import { policyText } from '../../judge/policies.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import { parseStoredSetup, type StoredSetup } from '../../store/tables/stored-setup.ts';
import type { ProtocolRow } from '../queries/run-query.ts';
import { moment } from './number-text.ts';

/** One sentence each. */
export function protocolSentences(head: RunHead, row: ProtocolRow): string[] {
  const config = parseStoredSetup(row.config, head.run);
  return [
    `${number(head.models.length, 'model')} answered ${number(head.instructions, 'instruction')} at ${number(exitCount(head), 'exit')}.`,
    ...decodingSentences(head, config),
    ...longPromptSentences(config),
    ...formSentences(head, config),
    ...head.comparisons.map(
      ({ modelA, modelB, exitsA, exitsB }) =>
        `${labelOf(head, modelA)} is compared with ${labelOf(head, modelB)} at ${exitsA.length} × ${exitsB.length} exits.`,
    ),
    ...Object.entries(config.firstTokens ?? {}).map(([model, id]) =>
      firstTokenSentence(labelOf(head, model), id),
    ),
    ...judgeSentences(head, row.judgeDecoding),
    ...(config.seed === undefined
      ? []
      : [`Intervals are bootstrapped over instructions, seed ${config.seed}.`]),
    `sorted-eval ${row.toolVersion}; started ${moment(row.startedAt)}, ${row.finishedAt === null ? 'not finished' : `finished ${moment(row.finishedAt)}`}.`,
  ];
}

/** One entry for each deviation from the settings of the protocol's authors; `[]`: none. */
export function deviations({ judgeDeviations }: Pick<RunHead, 'judgeDeviations'>): string[] {
  return judgeDeviations === null ? [] : judgeDeviations.split('; ');
}

export function policySentence(policy: Policy): string {
  return `Both orders of a pair are reconciled by the policy ${policyText(policy)}.`;
}

/** `1 model`, `2 models` */
function number(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function exitCount({ models }: RunHead): number {
  return models.reduce((sum, { subModels }) => sum + subModels.length, 0);
}

/** Models that are asked in another form than Alpaca's. */
function formSentences(head: RunHead, { models = {} }: StoredSetup): string[] {
  return Object.entries(models).flatMap(([name, model]) => {
    if (model === undefined || !('prompt' in model) || model.prompt === undefined) return [];
    const form = typeof model.prompt === 'string' ? model.prompt : Object.values(model.prompt).join(', ');
    const system = model.system === undefined ? '' : `, with the system text “${model.system}”`;
    return [`${labelOf(head, name)} is asked in the form ${form}${system}.`];
  });
}

/** How each model decoded, as far as that is known. */
function decodingSentences(head: RunHead, { models = {}, generation }: StoredSetup): string[] {
  const named = (isSource: (model: object) => boolean) =>
    head.models.filter(({ model }) => isSource(models[model] ?? {})).map(({ label }) => label);
  const limit =
    generation?.maxNewTokens === undefined ? '' : `, up to ${generation.maxNewTokens} new tokens each`;
  const served = named((model) => 'endpoint' in model);
  const recorded = named((model) => 'answers' in model);
  const penalty = generation?.repetitionPenalty;
  const asked = `temperature 0${penalty === undefined ? '' : ` and a repetition penalty of ${penalty}`}`;
  return [
    ...localWays(head, models, generation).map(
      ([words, labels]) => [labels, `were decoded here, ${words}${limit}.`] as const,
    ),
    [served, `come from a server, asked for ${asked}${limit}.`] as const,
    [recorded, 'come from a file: how they were decoded is not known.'] as const,
  ].flatMap(([labels, words]) => (labels.length === 0 ? [] : [`Answers of ${labels.join(', ')} ${words}`]));
}

/** How models that ran in this process decoded, and which of them did so. */
function localWays(
  head: RunHead,
  models: NonNullable<StoredSetup['models']>,
  ofAll: StoredSetup['generation'] = {},
) {
  const ways = new Map<string, string[]>();
  for (const { model, label } of head.models) {
    const config = models[model] ?? {};
    if ('endpoint' in config || 'answers' in config) continue;
    const words = answerWords(('generation' in config && config.generation) || ofAll);
    ways.set(words, [...(ways.get(words) ?? []), label]);
  }
  return [...ways];
}

/** What the sweep file says about prompts that do not fit, and about what is no part of an answer. */
function longPromptSentences({ generation }: StoredSetup): string[] {
  const { onLongPrompt, strip = [] } = generation ?? {};
  return [
    ...(onLongPrompt === 'cut'
      ? ['Prompts without room for a whole answer lost the end of their input.']
      : onLongPrompt === 'fail'
        ? ['No prompt was allowed to exceed the context of its model.']
        : []),
    ...(strip.includes('thoughts')
      ? ['Thoughts before an answer, as in <think> … </think>, were taken out.']
      : []),
    ...(strip.includes('echo') ? ['A prompt repeated before an answer was taken out.'] : []),
  ];
}

function judgeSentences(head: RunHead, decodingJson: string | null): string[] {
  const { judge } = head;
  if (head.comparisons.length === 0) return ['Nothing is judged: the run compares no models.'];
  if (judge === null) return ['Nothing is judged yet.'];
  const judgeDecoding = JSON.parse(decodingJson ?? '{}') as StoredDecoding & {
    readonly bosTokenId?: number;
  };
  const { bosTokenId } = judgeDecoding;
  return [
    ...judgeNotes({ ...head, judgeDecoding }),
    `${judge} read every pair twice, once with either answer first.`,
    ...(bosTokenId === undefined ? [] : [firstTokenSentence(judge, bosTokenId)]),
  ];
}

function firstTokenSentence(model: string, id: number): string {
  return `Prompts of ${model} begin with token ${id}, the bos_token_id of its config.json, which the files of its tokenizer do not begin them with.`;
}
