interface SqlHistoryProps {
  readonly history: readonly string[];
  readonly choose: (sql: string) => void;
}

/** Characters of a query that the list shows. */
const SHOWN = 80;

/** Queries that ran before, the last first. */
export function SqlHistory({ history, choose }: SqlHistoryProps) {
  if (history.length === 0) return null;
  return (
    <label>
      Earlier{' '}
      <select value="" onChange={(event) => choose(history[Number(event.currentTarget.value)]!)}>
        <option value="" disabled>
          Choose one of {history.length}
        </option>
        {history.map((sql, index) => (
          <option key={sql} value={index}>
            {sql.replace(/\s+/g, ' ').slice(0, SHOWN)}
          </option>
        ))}
      </select>
    </label>
  );
}
