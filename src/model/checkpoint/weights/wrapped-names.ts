/**
 * What wrappers put before the names of a network's tensors: torch.compile (`_orig_mod.`), DataParallel and DDP
 * (`module.`), FSDP, and peft (`base_model.model.`).
 */
const WRAPPERS = /^(?:(?:_orig_mod|module|_fsdp_wrapped_module|base_model\.model)\.)+/;
/** torch.compile and FSDP can wrap parts of a network, too. */
const INNER_WRAPPERS = /\.(?:_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)(?=\.)/g;
/** Names of a `LlamaModel`, which lacks the `model.` of a `LlamaForCausalLM`. */
const BARE = /^(?:embed_tokens|layers|norm)\./;

interface PlainNames {
  /** The network's own name of each tensor, by the name in its file. */
  readonly names: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/** Frees the names of tensors from what a training framework put around them. */
export function plainNames(stored: readonly string[]): PlainNames {
  const unwrapped = stored.map((name) => name.replace(WRAPPERS, '').replace(INNER_WRAPPERS, ''));
  const add = missingPrefix(unwrapped);
  const plain = unwrapped.map(add.rename);
  const prefixes = new Set(stored.flatMap((name) => WRAPPERS.exec(name)?.[0] ?? []));
  const inner = stored.some((name, index) => name.replace(WRAPPERS, '') !== unwrapped[index]);
  const notes = [
    ...[...prefixes].map((prefix) => `names of tensors begin with ${prefix}, which is left out`),
    ...(inner ? ['names of tensors hold parts of torch.compile or FSDP, which are left out'] : []),
    ...add.notes,
  ];
  return { names: new Map(stored.map((name, index) => [name, plain[index]!])), notes };
}

/** `model.` is missing from a `LlamaModel`'s names, and twice in those of a module that holds a whole network. */
function missingPrefix(names: readonly string[]) {
  if (names.some((name) => name.startsWith('model.model.'))) {
    const rename = (name: string) => name.replace(/^model\./, '');
    return { rename, notes: ['names of tensors begin with a further model., which is left out'] };
  }
  const isBare = names.some((name) => BARE.test(name)) && !names.some((name) => name.startsWith('model.'));
  if (!isBare) return { rename: (name: string) => name, notes: [] };
  const rename = (name: string) => (BARE.test(name) ? `model.${name}` : name);
  return { rename, notes: ['names of tensors lack model., as those of a LlamaModel do; it is added'] };
}
