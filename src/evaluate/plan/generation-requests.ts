import type { Instruction } from '../../core/domain.ts';
import { sha256 } from '../../core/sha256.ts';
import { type FormedPrompt, formFor } from '../../data/prompts/prompt-form.ts';
import type { GenerationRequest, SweepModel } from '../../sources/model-source.ts';
import { formSettings } from '../../sources/prompt-setting.ts';
import {
  knownResponseKeys,
  type ResponseMapping,
  type ResponseParts,
  responseKey,
} from '../../store/tables/response-table.ts';
import { byInstruction } from './by-instruction.ts';
import { modelPrompt } from './model-prompts.ts';
import type { ConfigContext, RunContext } from './run-context.ts';

/** A response that a run needs: of one sub-model to one instruction. */
export interface WantedResponse extends ResponseParts, ResponseMapping {
  readonly instruction: Instruction;
  readonly prompt: FormedPrompt;
  /** Taken from the end of the input; 0: none. */
  readonly cutCharacters: number;
}

export type GenerationPlan = Pick<RunContext, 'instructions'> & ConfigContext<'generation'>;

/** The responses of a model at all its exits, by instruction. */
export function wantedResponses(plan: GenerationPlan, model: SweepModel): WantedResponse[] {
  const { generation } = plan.config;
  const { strip } = generation;
  const settings = { ...model.decoding(generation), ...(strip.length > 0 && { strip }) };
  return plan.instructions.flatMap((instruction) => {
    const decoding = { ...settings, ...formSettings(formFor(model.form, instruction)) };
    const { prompt, cutCharacters } = modelPrompt(model, instruction, generation);
    const promptSha256 = promptHash(prompt);
    return model.exits.map((exit) => {
      const parts = { subModelKey: model.keys.get(exit)!, promptSha256, decoding };
      const place = { model: model.name, exit, instructionId: instruction.id };
      return { instruction, prompt, cutCharacters, ...place, ...parts, responseKey: responseKey(parts) };
    });
  });
}

/** Of its text; where some of it is tokens, of its pieces. */
function promptHash({ text, pieces }: FormedPrompt): string {
  return sha256(pieces ? JSON.stringify(pieces) : text);
}

/** One request for each instruction, tagged with the responses that it asks for. */
export function generationRequests(open: readonly WantedResponse[]): GenerationRequest<WantedResponse[]>[] {
  return byInstruction(open).map((wanted) => {
    const { instruction, prompt } = wanted[0]!;
    return { tag: wanted, instruction, prompt, exits: wanted.map(({ exit }) => exit) };
  });
}

/** True if a model still has responses to give. */
export function hasOpenResponses(plan: GenerationPlan & RunContext, model: SweepModel): boolean {
  const keys = wantedResponses(plan, model).map((wanted) => wanted.responseKey);
  const known = knownResponseKeys(plan.store, keys);
  return keys.some((key) => !known.has(key));
}
