import { InputError } from '../../core/errors.ts';
import { depthOf, headOfExit, type Manifest } from '../../model/folder/manifest.ts';

/** Self-speculative decoding; no setting changes an id. */
export interface SpeculativeSettings {
  /** The exit that drafts: one of the model's, not the deepest. */
  readonly draft: number;
  /** Most tokens of a draft. */
  readonly tokens: number;
  /** Draft as many every time. Default: as many as the response's acceptance so far makes worth while. */
  readonly isFixed?: boolean;
}

/** @throws InputError `unknown-exit`; `bad-option` for a number of tokens that is no draft */
export function requireDraft(manifest: Manifest, { draft, tokens }: SpeculativeSettings): void {
  headOfExit(manifest, draft, 'speculative.draft');
  requireTokens(tokens);
  const depth = depthOf(manifest);
  if (draft < depth) return;
  throw new InputError({
    code: 'unknown-exit',
    where: 'speculative.draft',
    expected: `an exit before the deepest one, ${depth}`,
    found: `${draft}`,
    fix: `Name one of ${manifest.exits.filter((exit) => exit < depth).join(', ')}.`,
  });
}

function requireTokens(tokens: number): void {
  if (Number.isInteger(tokens) && tokens > 0) return;
  throw new InputError({
    code: 'bad-option',
    where: 'speculative.tokens',
    expected: 'a whole number of at least 1',
    found: `${tokens}`,
    fix: 'Give the most tokens that one draft may have, such as 4.',
  });
}
