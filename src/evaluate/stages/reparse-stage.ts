/** Verdicts are parsed again from the stored texts of judges; no judge runs. */

import type { JudgeProtocol } from '../../judge/protocols/judge-protocol.ts';
import { PROTOCOLS, protocolSetting } from '../../judge/protocols/protocols.ts';
import type { Store } from '../../store/database.ts';
import { reparseJudgements } from '../../store/tables/judgement-table.ts';

/** Parses all stored texts. Returns how many there are. */
export function reparseStage({ store }: { readonly store: Store }): number {
  return reparse(store, PROTOCOLS, 'all');
}

/** Parses the texts whose verdict is of an older parser than the protocol's. */
export function reparseOutdated(store: Store, protocol: JudgeProtocol): void {
  reparse(store, new Set([...PROTOCOLS, protocol]), 'outdated');
}

function reparse(store: Store, protocols: Iterable<JudgeProtocol>, which: 'outdated' | 'all'): number {
  let count = 0;
  for (const protocol of protocols) {
    const { protocol: name = null } = protocolSetting(protocol);
    const parse = (text: string) => protocol.parse(text).slotVerdict;
    count += reparseJudgements(store, { protocol: name, parserVersion: protocol.version, parse }, which);
  }
  return count;
}
