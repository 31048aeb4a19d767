import type { SweepConfig } from '../../config/sweep-file.ts';
import type { Depths } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { type Answer, answerOf, knownOf } from '../../data/answers/answer-of.ts';
import type { FormedPrompt } from '../../data/prompts/prompt-form.ts';
import type { GeneratedResponse, RespondSettings, SweepModel } from '../../sources/model-source.ts';
import { knownResponseKeys, type ResponseRecord, saveResponses } from '../../store/tables/response-table.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import { generationRequests, type WantedResponse, wantedResponses } from '../plan/generation-requests.ts';
import { requireModelKeys } from '../plan/require-api-keys.ts';
import type { ConfigContext, ModelsContext } from '../plan/run-context.ts';
import { inUnits, runStage, type Stage, type StageContext } from '../stage.ts';
import { sideBySide } from './side-by-side.ts';

export type GenerateContext = StageContext &
  ModelsContext &
  ConfigContext<'generation'> &
  Pick<RespondSettings, 'memoryMB'>;

type Generation = SweepConfig['generation'];

/** Responses that are written in one transaction. */
const UNIT_RESPONSES = 64;

/**
 * Generates the responses of all models, one model after the other; servers work at the same time as this machine.
 * @returns what got no response, already noted on the progress
 */
export async function generateStage(context: GenerateContext): Promise<MissingResults[]> {
  requireModelKeys(context);
  const models = [...context.models.values()];
  const local = models.filter(({ isRemote }) => !isRemote);
  const remote = models.filter(({ isRemote }) => isRemote);
  const works = [local, remote].map((own) => async (signal: AbortSignal) => {
    const missing: MissingResults[] = [];
    for (const model of own) {
      const stage = stageOf({ ...context, signal }, model);
      missing.push(...noteMissing(context.progress, await runStage(stage, { ...context, signal })));
    }
    return missing;
  });
  return (await sideBySide(works, context.signal)).flat();
}

function stageOf(context: GenerateContext, model: SweepModel) {
  const { store, run, config, memoryMB, signal } = context;
  const settings = { generation: config.generation, memoryMB, signal };
  return {
    label: `${model.label}: answers`,
    items: wantedResponses(context, model),
    keysOf: (wanted) => [wanted.responseKey],
    known: (keys) => knownResponseKeys(store, keys),
    settle: (known) => saveResponses(store, run, { responses: [], mappings: known }),
    async *compute(open) {
      const replies = model.respond(generationRequests(open), settings);
      for await (const unit of inUnits(replies, UNIT_RESPONSES)) {
        yield unit.map(({ tag, ...reply }) => {
          if ('error' in reply) return reply;
          return toResponse(tag.find(({ exit }) => exit === reply.exit)!, reply, config.generation);
        });
      }
    },
    save: (responses) => saveResponses(store, run, { responses, mappings: responses }),
  } satisfies Stage<WantedResponse, WantedResponse & ResponseRecord>;
}

type Reply = Omit<GeneratedResponse<unknown>, 'tag'>;

/** @throws InputError `bad-config` for a prompt that is too long where the sweep file has `onLongPrompt: fail` */
function toResponse(wanted: WantedResponse, reply: Reply, { strip, onLongPrompt }: Generation) {
  const { prompt } = wanted;
  const answer = answerOf(reply, { prompt: prompt.text, opening: openingOf(prompt), strip });
  if (answer.state === 'prompt_too_long' && onLongPrompt === 'fail') throw tooLong(wanted, answer);
  const { decoding, cutCharacters } = wanted;
  return {
    ...wanted,
    ...answer,
    ...knownOf(reply),
    ...depthsOf(reply, answer),
    tokenIds: reply.tokenIds ?? null,
    // Not part of the key: the prompt's hash tells it.
    decoding: cutCharacters === 0 ? decoding : { ...(decoding as object), cutCharacters },
  };
}

/** Ends of tokens are places in what came: an answer from which something was taken has none. */
function depthsOf({ tokenExits, tokenEnds, drafts }: Reply, { text, rawText }: Answer): Depths {
  const isWhole = rawText === null || rawText === text;
  return {
    ...(tokenExits && { tokenExits }),
    ...(tokenEnds && isWhole && { tokenEnds }),
    ...(drafts && { drafts }),
  };
}

/** What the form of a prompt ends with; a prompt that is all text has no marks that its tokenizer knows. */
function openingOf({ pieces }: FormedPrompt): string | undefined {
  const last = pieces?.at(-1);
  return last?.isTyped === false ? last.text : undefined;
}

function tooLong({ model, exit, instruction }: WantedResponse, { rawText }: Answer): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${model}@${exit}, instruction ${instruction.id}`,
    expected: 'a prompt that fits, since generation.onLongPrompt is `fail`',
    found: rawText ?? 'one that is too long',
    fix: 'Use onLongPrompt: skip, or leave the instruction out.',
  });
}
