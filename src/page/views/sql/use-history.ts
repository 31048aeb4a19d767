/** Queries that ran, the last first; kept in the browser where it lets a page keep anything. */
import { useState } from 'preact/hooks';

const KEY = 'sorted-eval queries';
const MOST = 30;

export function useHistory(): readonly [history: readonly string[], remember: (sql: string) => void] {
  const [history, setHistory] = useState(readHistory);
  const remember = (sql: string) =>
    setHistory((before) => {
      const after = [sql, ...before.filter((other) => other !== sql)].slice(0, MOST);
      keep(after);
      return after;
    });
  return [history, remember];
}

function readHistory(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

function keep(history: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(history));
  } catch {
    // The browser keeps nothing for this page: the list ends with it.
  }
}
