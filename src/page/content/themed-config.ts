/** A figure's configuration in the colors of the page's theme. */
import type { PanelConfig } from '../../figures/chart/figure.ts';
import { onDark } from './dark-color.ts';

export type Theme = 'light' | 'dark';

/** Every color in data and options, also those that functions give; the configuration itself stays as it is. */
export function themedConfig(config: PanelConfig, theme: Theme): PanelConfig {
  if (theme === 'light') return config;
  const { data, options } = config;
  return { ...config, data: darkened(data), options: darkened(options) } as PanelConfig;
}

const COLOR = /^#[0-9a-f]{6}$/i;

function darkened(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return COLOR.test(value) ? onDark(value) : value;
  if (typeof value === 'function' && /color$/i.test(name))
    return (...given: unknown[]) => darkened((value as (...given: unknown[]) => unknown)(...given));
  if (Array.isArray(value)) return value.map((part) => darkened(part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, darkened(part, key)]));
}
