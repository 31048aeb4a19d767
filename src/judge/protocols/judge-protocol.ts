import type { Instruction, SlotVerdict } from '../../core/domain.ts';
import type { PromptParts } from '../../data/prompt-parts.ts';
import type { CompleterSettings, LocalDecoding } from './completer-settings.ts';

/** What a judge compares. */
export interface ResponsePair {
  readonly instruction: Pick<Instruction, 'instruction' | 'input'>;
  /** In slots 1 and 2. */
  readonly responses: readonly [slot1: string, slot2: string];
}

/** The parts of a judge's text. */
export interface JudgeText {
  readonly slotVerdict: SlotVerdict;
  /** Missing where the judge stopped before it or left it empty. */
  readonly reason?: string;
  /** The judge's own response to the instruction; missing likewise. */
  readonly reference?: string;
}

/**
 * How a pair becomes a prompt and a judge's text a verdict: the half of a judge that is not the model. Pure;
 * any completer works with any protocol.
 */
export interface JudgeProtocol {
  /** As the sweep file names it: `pandalm`. */
  readonly name: string;
  /** As people name it: `PandaLM`. */
  readonly title: string;
  /** Raise it with every change of what `parse` makes of some text; it is stored beside each verdict. */
  readonly version: number;
  /** What the protocol's authors decode with, where the sweep file names nothing. */
  readonly defaults: { readonly decoding: LocalDecoding; readonly maxNewTokens: number };
  /** `anywhere`: stopping a judge after its first line would lose the verdict. */
  readonly verdictPlace: 'first-line' | 'anywhere';
  /** What a judge writes for a tie and nothing else. */
  readonly tieText: string;
  /** The prompt, and which of its parts may be shortened where it does not fit into the judge's context. */
  prompt(pair: ResponsePair): PromptParts;
  /** Every text gives a verdict; one that cannot be read is `malformed`. */
  parse(text: string): JudgeText;
  /**
   * How these settings differ from those of the protocol's authors, in a few words each; shown wherever
   * verdicts appear.
   */
  deviations(settings: CompleterSettings): string[];
}
