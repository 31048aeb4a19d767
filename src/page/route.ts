/** Addresses within the page: everything that is shown stands in the hash, so that a link to it can be sent. */

const PLACES = ['overview', 'cell', 'pair', 'instruction', 'sql', 'published', 'compare'] as const;
/** `unknown`: an address that leads nowhere. */
export type Place = (typeof PLACES)[number] | 'unknown';
export type Settings = Readonly<Record<string, string>>;

export interface Route {
  readonly place: Place;
  readonly settings: Settings;
}

/** No address leads to the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const settings = Object.fromEntries(new URLSearchParams(query));
  if (path === '') return { place: 'overview', settings };
  // Until version 0.1 the published cells were a choice of the other comparison.
  if (path === 'compare' && settings['with'] === 'published') return { place: 'published', settings };
  return { place: PLACES.find((name) => name === path) ?? 'unknown', settings };
}

/** Settings that are empty are left out. */
export function formatRoute(place: Place, settings: Settings = {}): string {
  const given = Object.entries(settings).filter(([, value]) => value !== '');
  const query = new URLSearchParams(given).toString();
  return `#/${place}${query === '' ? '' : `?${query}`}`;
}

/** An integer from an address; `undefined` for anything else. */
export function numberSetting(settings: Settings, name: string): number | undefined {
  const text = settings[name] ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
