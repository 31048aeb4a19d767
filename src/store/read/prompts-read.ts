/** What the models of a run read for an instruction. */
import { formedPrompt, type PromptForm } from '../../data/prompts/prompt-form.ts';
import { defineRead, type Read } from './read.ts';

export interface ModelPrompt {
  readonly model: string;
  /** All of it, with special tokens as they are written. */
  readonly prompt: string;
}

/** A prompt for each model with a response; recorded responses have none. Every exit reads the same one. */
export function promptsRead(run: string, instructionId: string): Read<ModelPrompt> {
  return defineRead(SELECT, { run, instructionId }, { toRow });
}

function toRow({ model, instruction, input, form }: Readonly<Record<string, unknown>>): ModelPrompt {
  const asked = { instruction: instruction as string, input: input as string };
  const parsed = form === null ? undefined : (JSON.parse(form as string) as PromptForm);
  return { model: model as string, prompt: formedPrompt(parsed, asked).text };
}

const SELECT = `SELECT a.model, i.instruction, i.input, max(g.decoding_json ->> '$.prompt') AS form
FROM answer a JOIN generation g USING (response_key) JOIN instruction i USING (instruction_id)
WHERE a.run = @run AND a.instruction_id = @instructionId AND g.decoding_json ->> '$.strategy' IS NOT 'recorded'
GROUP BY a.model
ORDER BY a.model`;
