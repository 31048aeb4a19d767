import { InputError } from '../../core/errors.ts';
import type { TensorPlace, WeightsFile } from '../checkpoint/weights/tensor-place.ts';
import { plainNames } from '../checkpoint/weights/wrapped-names.ts';

/** A tensor of the adapter, with its file and its name there. */
export type AdapterTensor = TensorPlace & { readonly file: string; readonly storedName: string };

/** What an adapter holds for one module of the network, under peft's names. */
export interface ModuleParts {
  /** [rank, in] and [out, rank] */
  readonly lora_A?: AdapterTensor;
  readonly lora_B?: AdapterTensor;
  /** [out]; added to the module's own bias */
  readonly lora_B_bias?: AdapterTensor;
  /** [rank, vocab] and [hidden, rank] */
  readonly lora_embedding_A?: AdapterTensor;
  readonly lora_embedding_B?: AdapterTensor;
  /** [out]; DoRA's lengths of the rows */
  readonly lora_magnitude_vector?: AdapterTensor;
  /** In place of the module's own: trained biases, and `modules_to_save`. */
  readonly weight?: AdapterTensor;
  readonly bias?: AdapterTensor;
}
type PartName = keyof ModuleParts;

/** `.default` is the adapter's name in a training run, which peft leaves out when it saves. */
const LOW_RANK =
  /^(.+)\.(lora_(?:A|B|embedding_A|embedding_B|magnitude_vector))(?:\.default)?(?:\.(weight|bias))?$/;
/** `base_layer`: of a module that has a LoRA as well; `modules_to_save`: the copy that was trained. */
const WHOLE = /^(.+?)(?:\.base_layer|\.modules_to_save(?:\.default)?)?\.(weight|bias)$/;

/**
 * The tensors of an adapter by the modules of the network that they belong to.
 * @throws InputError `unsupported-model` for a tensor that is neither of LoRA or DoRA nor a whole weight or bias, and
 * `bad-checkpoint` for one that is there twice
 */
export function adapterParts({ path, tensors }: WeightsFile): ReadonlyMap<string, ModuleParts> {
  const { names } = plainNames([...tensors.keys()]);
  const modules = new Map<string, Partial<Record<PartName, AdapterTensor>>>();
  for (const [storedName, place] of tensors) {
    const where = `${path}: ${storedName}`;
    const [module, part] = partOf(names.get(storedName)!, where);
    const parts = modules.get(module) ?? {};
    if (parts[part]) throw twice(where, parts[part].storedName);
    modules.set(module, { ...parts, [part]: { ...place, file: path, storedName } });
  }
  if (modules.size === 0) throw empty(path);
  return modules as ReadonlyMap<string, ModuleParts>;
}

function partOf(name: string, where: string): [module: string, part: PartName] {
  const [, module, part, kind] = LOW_RANK.exec(name) ?? [];
  if (module && kind !== 'bias') return [module, part as PartName];
  if (module && part === 'lora_B') return [module, 'lora_B_bias'];
  const [, whole, wholePart] = WHOLE.exec(name) ?? [];
  if (whole && !/\.(?:lora_|original_module)/.test(whole)) return [whole, wholePart as PartName];
  throw new InputError({
    code: 'unsupported-model',
    where,
    expected: 'a part of LoRA or DoRA, or a whole weight or bias',
    found: 'a tensor that would not be read',
    fix: 'Merge it with peft (merge_and_unload, then save_pretrained) and import the result.',
  });
}

function twice(where: string, other: string): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where,
    expected: 'each part of a module once',
    found: `it also as ${other}`,
    fix: 'Save the adapter anew with save_pretrained of peft.',
  });
}

function empty(where: string): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where,
    expected: 'the tensors of an adapter',
    found: 'none',
    fix: 'Save the adapter anew with save_pretrained of peft.',
  });
}
