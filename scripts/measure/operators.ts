import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './without-telemetry.ts';
import { InferenceSession } from 'onnxruntime-node';

/** A node's run in the profile that ONNX Runtime writes; `dur` in microseconds. */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: {
    readonly op_name?: string;
    /** Of each input: its shape by its type. */
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** What the nodes of one kind took, over all runs of all sessions. */
export interface OperatorTime {
  readonly operator: string;
  readonly seconds: number;
  readonly runs: number;
}

/**
 * Makes every session that is opened until the times are asked for write ONNX Runtime's own profile.
 * @returns the times by kind of node, longest first; to be called once, after the last run and before sessions are closed
 */
export function profileSessions(): () => OperatorTime[] {
  const folder = mkdtempSync(join(tmpdir(), 'sorted-eval-profile-'));
  const sessions: InferenceSession[] = [];
  const { create } = InferenceSession;
  InferenceSession.create = (async (model: never, options: object) => {
    const profileFilePrefix = join(folder, `session-${sessions.length}`);
    const profiled = { ...options, enableProfiling: true, profileFilePrefix };
    const session = await create.call(InferenceSession, model, profiled);
    sessions.push(session);
    return session;
  }) as typeof create;
  return () => {
    InferenceSession.create = create;
    for (const session of sessions) session.endProfiling();
    const files = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    rmSync(folder, { recursive: true });
    return timesOf(files.flatMap((text) => JSON.parse(text) as ProfileEvent[]));
  };
}

function timesOf(events: readonly ProfileEvent[]): OperatorTime[] {
  const times = new Map<string, { micros: number; runs: number }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const kind = kindOf(args!);
    const { micros, runs } = times.get(kind) ?? { micros: 0, runs: 0 };
    times.set(kind, { micros: micros + dur, runs: runs + 1 });
  }
  return [...times]
    .map(([operator, { micros, runs }]) => ({ operator, seconds: micros / 1e6, runs }))
    .sort((left, right) => right.seconds - left.seconds);
}

/** Products of more than three axes are attention's; the others are those of the weights. */
function kindOf({ op_name, input_type_shape }: NonNullable<ProfileEvent['args']>): string {
  if (op_name !== 'FusedMatMul' && op_name !== 'MatMul') return op_name!;
  const [shape] = Object.values(input_type_shape![0]!);
  if (shape!.length <= 3) return 'products with weights';
  return op_name === 'MatMul' ? 'attention: weights × values' : 'attention: queries × keys';
}
