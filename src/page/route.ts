/** Addresses within the page: everything that is shown stands in the hash, so that a link to it can be sent. */

export const PLACES = ['overview', 'cell', 'pair', 'instruction', 'sql', 'compare'] as const;
export type Place = (typeof PLACES)[number];
export type Settings = Readonly<Record<string, string>>;

export interface Route {
  readonly place: Place;
  readonly settings: Settings;
}

/** Unknown addresses lead to the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const place = PLACES.find((name) => name === path) ?? 'overview';
  return { place, settings: Object.fromEntries(new URLSearchParams(query)) };
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
