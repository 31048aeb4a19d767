import { InputError } from '../../core/errors.ts';
import { FAMILIES, UNSUPPORTED_NETWORKS } from './families.ts';
import type { NetworkFamily } from './network-family.ts';

/** Which network a config.json describes. */
interface NetworkIdentity {
  readonly model_type: string;
  readonly architectures?: readonly string[] | null | undefined;
}

/**
 * The family of a config.json.
 * @throws InputError `unsupported-model` for any other network, with what makes it another one
 */
export function familyOf(identity: NetworkIdentity, path: string): NetworkFamily {
  const family = FAMILIES.find(({ modelType }) => modelType === identity.model_type);
  if (family && isNamedIn(family, identity.architectures ?? [])) return family;
  throw unsupportedNetwork(identity, family, path);
}

function isNamedIn({ architectures }: NetworkFamily, names: readonly string[]): boolean {
  // LLaMA-1 checkpoints name a LLaMAForCausalLM.
  const known = architectures.map((name) => name.toLowerCase());
  return names.length === 0 || names.some((name) => known.includes(name.toLowerCase()));
}

function unsupportedNetwork(
  { model_type, architectures }: NetworkIdentity,
  family: NetworkFamily | undefined,
  path: string,
): InputError {
  const names = architectures ?? [];
  const difference = family
    ? 'has another head than a language model’s'
    : (UNSUPPORTED_NETWORKS.get(model_type) ?? 'is not known to be LLaMA under another name');
  return new InputError({
    code: 'unsupported-model',
    where: `${path}: ${names.length > 0 ? 'architectures' : 'model_type'}`,
    expected: FAMILIES.flatMap((known) => known.architectures).join(' or '),
    found: names.length > 0 ? `${names.join(', ')} of model_type ${model_type}` : model_type,
    fix: `It ${difference}. Give a ${FAMILIES.map(({ name }) => name).join(' or ')} checkpoint.`,
  });
}
