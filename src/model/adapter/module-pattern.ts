const MAX_LENGTH = 200;
/** Each may try every length of what it repeats: names have some 60 characters, so four take a moment at worst. */
const MAX_REPEATS = 4;
const REPEATED_GROUP = /\)[*+?{]/;
/** Groups that look around or that Python writes in another way, and what refers back to a group. */
const SPECIAL = /\(\?(?!:)|\\[1-9AZzGkbB]/;

/**
 * A test for whether a key of peft's `rank_pattern` or `alpha_pattern` means a module (peft: `get_pattern_key`): it is a
 * regular expression for the module's name, or for its end after a dot.
 * @returns undefined for an expression that could run very long or that JavaScript would read in another way
 */
export function moduleMatcher(pattern: string): ((module: string) => boolean) | undefined {
  const repeats = pattern.match(/[*+{]|(?<!\()\?/g)?.length ?? 0;
  if (pattern.length > MAX_LENGTH || repeats > MAX_REPEATS) return undefined;
  if (REPEATED_GROUP.test(pattern) || SPECIAL.test(pattern)) return undefined;
  try {
    const whole = new RegExp(`^(?:.*\\.)?(?:${pattern})$`);
    return (module) => whole.test(module);
  } catch {
    return undefined;
  }
}
