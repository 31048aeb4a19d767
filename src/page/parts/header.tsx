import { formatRoute, type Place } from '../route.ts';
import { useLink, usePage, useRun } from '../state.ts';
import { chooseTheme, useTheme } from '../theme.ts';

const ENTRIES: readonly (readonly [place: Place, label: string])[] = [
  ['overview', 'Overview'],
  ['instruction', 'Instructions'],
  ['published', 'Against the paper'],
  ['compare', 'Two runs'],
  ['sql', 'SQL'],
];

export function Header() {
  const { route } = usePage();
  const link = useLink();
  return (
    <header>
      <button type="button" class="skip" onClick={focusMain}>
        Skip to the results
      </button>
      <strong>sorted-eval</strong>
      <nav aria-label="Views">
        {ENTRIES.map(([place, label]) => (
          <a key={place} href={link(place)} aria-current={route.place === place ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <RunPicker />
      <ThemeButton />
    </header>
  );
}

/** A link to a part of the page would be another address, and leave the view. */
function focusMain(): void {
  const main = document.getElementById('main');
  main?.setAttribute('tabindex', '-1');
  main?.focus();
}

function RunPicker() {
  const { file, route } = usePage();
  const run = useRun();
  if (file.runs.length < 2) return <span class="run">Run {run}</span>;
  const choose = (name: string) => {
    // A cell or an instruction of one run need not be in another.
    const place = ['sql', 'compare', 'published'].includes(route.place) ? route.place : 'overview';
    location.hash = formatRoute(place, { run: name });
  };
  return (
    <label class="run">
      Run{' '}
      <select value={run} onChange={(event) => choose(event.currentTarget.value)}>
        {file.runs.map(({ run: name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function ThemeButton() {
  const isDark = useTheme() === 'dark';
  return (
    <button type="button" class="theme" onClick={() => chooseTheme(isDark ? 'light' : 'dark')}>
      {isDark ? 'Light' : 'Dark'}
    </button>
  );
}
