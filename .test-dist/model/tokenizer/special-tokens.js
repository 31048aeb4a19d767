/**
 * The tokens that are no text, by transformers' rule: those that tokenizer.json calls special and those that
 * tokenizer_config.json gives a part to play (`bos_token`, `pad_token`, `additional_special_tokens`, …).
 */
export function specialTokens(json, config) {
    const names = new Set(namedTokens(config));
    const special = json.added_tokens.filter((token) => token.special || names.has(token.content));
    const { vocab } = json.model;
    const inVocabulary = [...names].filter((name) => Object.hasOwn(vocab, name));
    return new Map([
        ...inVocabulary.map((name) => [name, vocab[name]]),
        ...special.map(({ content, id }) => [content, id]),
    ]);
}
function namedTokens(config) {
    const { bos_token, eos_token, unk_token, sep_token, pad_token, cls_token, mask_token } = config;
    const more = [config.additional_special_tokens, config.extra_special_tokens];
    return [
        ...[bos_token, eos_token, unk_token, sep_token, pad_token, cls_token, mask_token],
        ...more.flatMap((tokens) => Object.values(tokens ?? {})),
    ].filter((name) => name != null);
}
/**
 * The ids that a text is put between. LLaMA's own tokenizer classes follow tokenizer_config.json where it says
 * `add_bos_token` or `add_eos_token` (transformers 4; one flag alone leaves the other at its default); else it is what
 * tokenizer.json's post-processor says.
 */
export function frameOf(json, config, special) {
    const { add_bos_token: bos, add_eos_token: eos } = config;
    const isLlama = /^(Code)?LlamaTokenizer(Fast)?$/.test(config.tokenizer_class ?? '');
    if (!isLlama || (bos == null && eos == null))
        return frameOfProcessor(json.post_processor);
    const idsOf = (name, isAdded) => {
        const id = isAdded && name != null ? special.get(name) : undefined;
        return id === undefined ? [] : [id];
    };
    return { before: idsOf(config.bos_token, bos ?? true), after: idsOf(config.eos_token, eos ?? false) };
}
function frameOfProcessor(processor) {
    const steps = processor?.type === 'Sequence' ? processor.processors : processor ? [processor] : [];
    return steps.map(frameOfStep).reduce((inner, outer) => ({
        before: [...outer.before, ...inner.before],
        after: [...inner.after, ...outer.after],
    }), { before: [], after: [] });
}
function frameOfStep(step) {
    if (step.type === 'ByteLevel')
        return { before: [], after: [] };
    const text = step.single.findIndex((part) => 'Sequence' in part);
    const idsOf = (parts) => parts.flatMap((part) => {
        const name = part.SpecialToken.id;
        const token = step.special_tokens[name];
        if (!token)
            throw new Error(`the post-processor does not say the ids of ${name}`);
        return token.ids;
    });
    return { before: idsOf(step.single.slice(0, text)), after: idsOf(step.single.slice(text + 1)) };
}
