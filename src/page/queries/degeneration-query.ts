/** Reads of which responses look degenerate: files of schema version 1 have no such rows. */
import type { DegenerationClass } from '../../core/domain.ts';
import { defineRead, type Read } from '../../store/read/read.ts';

export interface ResponseQuality {
  readonly model: string;
  readonly exit: number;
  readonly looks: DegenerationClass;
  readonly repetition: number | null;
  readonly compression: number | null;
  readonly meanLogProbability: number | null;
  readonly referenceModel: string | null;
  readonly referenceExit: number | null;
}

/** The responses of all exits to one instruction. */
export function responseQualityRead(run: string, instructionId: string): Read<ResponseQuality> {
  return defineRead(SELECT, { run, instructionId }, { needs: 'answer_quality' });
}

const SELECT = `SELECT model, exit, looks, repetition, compression, mean_log_probability, reference_model, reference_exit
FROM answer_quality
WHERE run = @run AND instruction_id = @instructionId`;
