import { changeJson } from './numbers-as-written.ts';

/** What config.json of a sub-model says. */
interface ExitShape {
  /** Layers of the model that it is taken from, and of the sub-model. */
  readonly layers: number;
  readonly exit: number;
  /** Whether the sub-model's head is the embedding; a head of the exit's own is not. */
  readonly tiedHead: boolean;
}

/**
 * The text of config.json for the first `exit` layers: everything stays as it was but the number of layers and the
 * lists with an entry for each layer, such as `layer_types`.
 */
export function configAt(text: string, { layers, exit, tiedHead }: ExitShape): string {
  return changeJson(text, (config) => {
    const cut = Object.entries(config).map(([key, value]) =>
      isPerLayer(key, value, layers) ? [key, value.slice(0, exit)] : [key, value],
    );
    const untied = config['tie_word_embeddings'] === true && !tiedHead && { tie_word_embeddings: false };
    return { ...Object.fromEntries(cut), num_hidden_layers: exit, ...untied };
  });
}

/** A list of ids may happen to have as many entries as there are layers; its key is another. */
function isPerLayer(key: string, value: unknown, layers: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === layers && /layer/.test(key);
}
