import { z } from 'zod';
import { InputError } from '../../../core/errors.ts';
import type { WindowRule } from '../../networks/network-family.ts';
import type { AttentionWindow } from '../architecture.ts';

/** The keys of config.json that say which layers attend to a sliding window; only some networks read them. */
export const windowKeys = {
  sliding_window: z.int().nonnegative().nullish(),
  use_sliding_window: z.boolean().nullish(),
  max_window_layers: z.int().nonnegative().nullish(),
  layer_types: z.array(z.string()).nullish(),
};
type WindowConfig = z.output<z.ZodObject<typeof windowKeys>> & { readonly num_hidden_layers: number };

const SLIDING = 'sliding_attention';
const FULL = 'full_attention';
/** Of transformers' configuration classes. */
const MAX_WINDOW_LAYERS = 28;
/** A hostile config.json may name more layers than fit into memory; their weights are missing later on. */
const MAX_LAYERS = 10_000;

/**
 * Reads the window as transformers 5 does. One that is as long as the context is none.
 * @param contextLength in tokens
 * @throws InputError `unsupported-model` or `bad-checkpoint` for `layer_types` that cannot be followed
 */
export function readWindow(
  rule: WindowRule,
  config: WindowConfig,
  contextLength: number,
  path: string,
): AttentionWindow | null {
  const tokens = windowTokens(rule, config);
  const layers = slidingLayers(rule, config, tokens, path);
  return tokens > 0 && tokens < contextLength && layers.length > 0 ? { tokens, layers } : null;
}

/** What is to be said about a window that changes nothing. */
export function windowNotes(rule: WindowRule, config: WindowConfig, contextLength: number): string[] {
  const tokens = windowTokens(rule, config);
  if (tokens === 0 || tokens < contextLength) return [];
  return [`sliding_window ${tokens} is as long as the context, so every token is attended to`];
}

/** 0: no window. */
function windowTokens(rule: WindowRule, { sliding_window, use_sliding_window }: WindowConfig): number {
  const isOn = rule === 'all-layers' || (rule === 'upper-layers' && use_sliding_window === true);
  return isOn ? (sliding_window ?? 0) : 0;
}

function slidingLayers(rule: WindowRule, config: WindowConfig, tokens: number, path: string): number[] {
  const { layer_types, max_window_layers, num_hidden_layers } = config;
  const layers = Array.from({ length: Math.min(num_hidden_layers, MAX_LAYERS) }, (_, layer) => layer);
  if (rule !== 'upper-layers') return rule === 'all-layers' ? layers : [];
  if (!layer_types) return layers.slice(max_window_layers ?? MAX_WINDOW_LAYERS);
  checkLayerTypes(layer_types, num_hidden_layers, tokens, `${path}: layer_types`);
  return layers.filter((layer) => layer_types[layer] === SLIDING);
}

function checkLayerTypes(types: readonly string[], layers: number, tokens: number, where: string): void {
  if (types.length !== layers) {
    const found = `${types.length} names`;
    throw new InputError({
      code: 'bad-checkpoint',
      where,
      expected: `one name for each of the ${layers} layers`,
      found,
      fix: 'Repair config.json.',
    });
  }
  const known = tokens > 0 ? [FULL, SLIDING] : [FULL];
  const other = types.find((type) => !known.includes(type));
  if (other === undefined) return;
  const expected = tokens > 0 ? known.join(' or ') : `${FULL}, since no sliding window is switched on`;
  const fix = 'Give a checkpoint whose layers attend in these ways, or repair config.json.';
  throw new InputError({ code: 'unsupported-model', where, expected, found: other, fix });
}
