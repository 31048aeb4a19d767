/** Light or dark: what the reader chose, else what the system has. */
import { useEffect, useState } from 'preact/hooks';
import type { Theme } from './content/themed-config.ts';

const CHOSEN = 'themechosen';
const system = matchMedia('(prefers-color-scheme: dark)');

/** The theme that is shown; what draws itself anew when it changes uses it. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(shownTheme);
  useEffect(() => {
    const follow = () => setTheme(shownTheme());
    addEventListener(CHOSEN, follow);
    system.addEventListener('change', follow);
    return () => {
      removeEventListener(CHOSEN, follow);
      system.removeEventListener('change', follow);
    };
  }, []);
  return theme;
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  dispatchEvent(new Event(CHOSEN));
}

function shownTheme(): Theme {
  const chosen = document.documentElement.dataset['theme'] as Theme | undefined;
  return chosen ?? (system.matches ? 'dark' : 'light');
}
