import type { KlValue, SubModel } from '../../src/core/domain.ts';
import type { Store } from '../../src/store/database.ts';

export interface StoredKlValue extends KlValue, SubModel {
  readonly referenceModel: string;
  readonly referenceExit: number;
}

/** Single values of one curve, by model, exit, instruction and position. */
export function readKlValues(store: Store, run: string, curve: string): StoredKlValue[] {
  return store.all<StoredKlValue>(SELECT_VALUES, { run, curve });
}

const SELECT_VALUES = `SELECT c.model, c.exit, c.reference_model AS referenceModel, c.reference_exit AS referenceExit,
  c.instruction_id AS instructionId, v.position, v.kl_nats AS klNats
  FROM kl_curve c JOIN kl_value v USING (kl_key) JOIN run_instruction r USING (run, instruction_id)
  WHERE c.run = @run AND c.curve = @curve
  ORDER BY c.model, c.exit, c.reference_model, c.reference_exit, r.position, v.position`;
