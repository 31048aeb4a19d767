import { InputError } from '../../core/errors.js';
import { FAMILIES, UNSUPPORTED_NETWORKS } from './families.js';
/**
 * The family of a config.json.
 * @throws InputError `unsupported-model` for any other network, with what makes it another one
 */
export function familyOf(identity, path) {
    const family = FAMILIES.find(({ modelType }) => modelType === identity.model_type);
    if (family && isNamedIn(family, identity.architectures ?? []))
        return family;
    throw unsupportedNetwork(identity, family, path);
}
function isNamedIn({ architectures }, names) {
    // LLaMA-1 checkpoints name a LLaMAForCausalLM.
    const known = architectures.map((name) => name.toLowerCase());
    return names.length === 0 || names.some((name) => known.includes(name.toLowerCase()));
}
function unsupportedNetwork({ model_type, architectures }, family, path) {
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
