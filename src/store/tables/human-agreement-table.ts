/** How judges agreed with people's labels: kept beside the judgements it was computed from, for every run of that judge. */
import type { AgreementRule } from '../../core/domain.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import type { Reader, Store } from '../database.ts';

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
  store.run(UPSERT, { ...record, decoding: canonicalJson(decoding) });
}

/** What is known of a run's judge. */
export function readHumanAgreement(store: Reader, run: string): HumanAgreement[] {
  return store.all<HumanAgreement>(
    `SELECT labels, malformed_rule AS malformedRule, pairs, accuracy, accuracy_low AS accuracyLow,
       accuracy_high AS accuracyHigh, macro_f1 AS macroF1, kappa FROM human_agreement
     WHERE run = @run ORDER BY labels, malformed_rule`,
    { run },
  );
}

const UPSERT = `INSERT OR REPLACE INTO human_agreement_result VALUES (@judgeKey, @decoding, @labelsSha256, @malformedRule,
  @labels, @pairs, @accuracy, @accuracyLow, @accuracyHigh, @macroF1, @kappa)`;
