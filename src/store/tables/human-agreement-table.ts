/**
 * How judges agreed with people's labels: kept beside the judgements it was computed from, for every run of
 * that judge.
 */
import type { AgreementRule } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Store } from '../database.ts';
import { HUMAN_AGREEMENT_RESULT } from '../schema/content-tables.ts';
import { inserter } from './statements.ts';

export interface HumanAgreementRecord {
  readonly judgeKey: string;
  readonly decoding: JsonValue;
  /** Of the file's bytes. */
  readonly labelsSha256: string;
  /** Name of the labels' file, for people. */
  readonly labels: string;
  readonly malformedRule: AgreementRule;
  readonly pairs: number;
  /** Shares in [0, 1]; the interval is of 95 %. */
  readonly accuracy: number;
  readonly accuracyLow: number;
  readonly accuracyHigh: number;
  readonly macroF1: number;
  /** Cohen's κ; null where it is not defined. */
  readonly kappa: number | null;
}

/** The view `human_agreement`. */
export type HumanAgreement = Omit<HumanAgreementRecord, 'judgeKey' | 'decoding' | 'labelsSha256'>;

/** A new measurement with the same judge, labels and rule replaces the old one. */
export function saveHumanAgreement(store: Store, { decoding, ...record }: HumanAgreementRecord): void {
  upsert(store, { ...record, decodingJson: canonicalJson(decoding) });
}

const upsert = inserter(HUMAN_AGREEMENT_RESULT, [
  ...(['labels', 'pairs', 'accuracy', 'accuracy_low', 'accuracy_high', 'macro_f1', 'kappa'] as const),
]);
