/** The linear layers of a decoder layer, by transformers' names: `q` stands for the tensor `q_proj`. */
export const PROJECTIONS = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'];
/** `rms`: x / rms(x) · w. `rms-plus-one`: x / rms(x) · (1 + w), as Gemma stores its weights. */
export const NORMS = ['rms', 'rms-plus-one'];
/** What the MLP applies to its gate. `gelu-tanh` is PyTorch's `gelu(approximate="tanh")`. */
export const ACTIVATIONS = ['silu', 'gelu-tanh'];
export const NO_BIASES = {
    q: false,
    k: false,
    v: false,
    o: false,
    gate: false,
    up: false,
    down: false,
};
