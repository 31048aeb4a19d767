/** Questions about a whole run. */
import type { Reader } from '../../store/database.ts';

export interface RunRow {
  readonly run: string;
  readonly instructions: number;
  readonly judge: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export function readRunList(store: Reader): RunRow[] {
  return store.all<RunRow>(`SELECT run, instructions, judge, started_at AS startedAt, finished_at AS finishedAt
    FROM runs ORDER BY run`);
}

/** What is known of how a run was made. */
export interface ProtocolRow {
  readonly toolVersion: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly judgeDecoding: string | null;
  /** The sweep file as it was understood, without judge and limits. */
  readonly config: string;
}

export function readProtocol(store: Reader, run: string): ProtocolRow | undefined {
  return store.get<ProtocolRow>(
    `SELECT v.tool_version AS toolVersion, v.started_at AS startedAt, v.finished_at AS finishedAt,
       v.judge_decoding AS judgeDecoding, r.config_json AS config FROM runs v JOIN run r USING (run) WHERE run = @run`,
    { run },
  );
}

/** Names of the tables and views that the file has: an older one lacks some. */
export function readTables(store: Reader): string[] {
  const rows = store.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");
  return rows.map(({ name }) => name);
}
