import { useLink } from '../state.ts';

/** Where a figure's numbers come from, to be changed and asked again. */
export function QueryLink({ sql }: { sql: string }) {
  const link = useLink();
  return (
    <a class="query" href={link('sql', { q: sql })}>
      Show the query
    </a>
  );
}
