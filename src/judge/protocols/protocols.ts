/** Every protocol that a sweep file can name. A new one is a file beside this one and a line in the list. */

import type { JudgeProtocol } from './judge-protocol.ts';
import { mtBench } from './mt-bench.ts';
import { pandalm } from './pandalm.ts';

export const PROTOCOLS: readonly JudgeProtocol[] = [pandalm, mtBench];
export const PROTOCOL_NAMES = ['pandalm', 'mt-bench'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];
export const DEFAULT_PROTOCOL: ProtocolName = 'pandalm';

export function protocolNamed(name: ProtocolName): JudgeProtocol {
  return PROTOCOLS.find((protocol) => protocol.name === name)!;
}

/**
 * Part of a judge's decoding, and so of its verdicts' keys. The default is left out: results files older than
 * protocols have none.
 */
export function protocolSetting({ name }: Pick<JudgeProtocol, 'name'>): { readonly protocol?: string } {
  return name === DEFAULT_PROTOCOL ? {} : { protocol: name };
}

/** The name of a stored protocol for people; `null` or nothing: the default. */
export function protocolTitle(name?: string | null): string {
  return protocolOf({ protocol: name })?.title ?? String(name);
}

/** The protocol of a stored judge's decoding; undefined where it is one of a library's user. */
export function protocolOf(decoding: { readonly protocol?: unknown }): JudgeProtocol | undefined {
  const name = decoding.protocol ?? DEFAULT_PROTOCOL;
  return PROTOCOLS.find((protocol) => protocol.name === name);
}
