import { VIEWS } from '../../../store/views/views.ts';

/** Every view with what its columns hold, beside the box; a click writes a name into the query. */
export function ViewColumns({ insert }: { insert: (name: string) => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="view-columns" aria-labelledby="view-list" tabIndex={0}>
      <h2 id="view-list">Views</h2>
      {VIEWS.map(({ name, description, dictionary }) => (
        <details key={name}>
          <summary>
            <code>{name}</code>
          </summary>
          <p class="muted">
            {description} <Name name={name} insert={insert} />
          </p>
          <ul>
            {Object.entries(dictionary).map(([column, { type, meaning }]) => (
              <li key={column}>
                <Name name={column} insert={insert} /> <span class="muted">{type}</span> {meaning}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

function Name({ name, insert }: { name: string; insert: (name: string) => void }) {
  return (
    <button type="button" class="name" title="Write it into the query" onClick={() => insert(name)}>
      <code>{name}</code>
    </button>
  );
}
