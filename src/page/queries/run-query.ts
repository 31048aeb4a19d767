/** Reads of whole runs. */
import { defineRead, type Read } from '../../store/read/read.ts';

export interface RunRow {
  readonly run: string;
  readonly instructions: number;
  readonly judge: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** How a run was made. */
export interface ProtocolRow {
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly judgeDecoding: string | null;
  /** The sweep file as it was understood, without judge and limits. */
  readonly config: string;
}

/** The newest first: it is the one that is shown where none is named. */
export function runListRead(): Read<RunRow> {
  return defineRead(
    'SELECT run, instructions, judge, started_at, finished_at\nFROM runs\nORDER BY started_at DESC, run',
  );
}

/** One row. */
export function protocolRead(run: string): Read<ProtocolRow> {
  return defineRead(SELECT_PROTOCOL, { run });
}

const SELECT_PROTOCOL = `SELECT v.tool_version, v.started_at, v.finished_at, v.judge_decoding, r.config_json AS config
FROM runs v JOIN run r USING (run)
WHERE run = @run`;
