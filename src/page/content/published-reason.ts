/** Why nothing of a run stands beside the paper's cells, and what would change that. Pure. */
import type { PublishedCell } from '../../data/published-scores.ts';
import { labelOf } from '../../figures/run/labels.ts';
import type { RunHead } from '../../store/read/run-head.ts';

/** @param scored comparisons that have scores, by name */
export function publishedReason(
  head: RunHead,
  scored: ReadonlySet<string>,
  published: readonly PublishedCell[],
): string {
  const kindOf = (name: string) => head.models.find(({ model }) => model === name)?.kind ?? 'plain';
  const known = head.models.filter(({ kind }) => kind !== 'plain');
  if (known.length === 0)
    return `What the paper compares are SoFT, SFT and early-exit models. Of ${namesOf(head)} it is not said which they are: \`kind\` of a model in the sweep file says it.`;
  const kinds = known.map(({ model, kind }) => `${labelOf(head, model)} is ${kind}`).join(', ');
  const comparable = head.comparisons.filter(({ modelA, modelB }) => {
    const pair = [kindOf(modelA), kindOf(modelB)];
    return pair.includes('soft') && (pair.includes('sft') || pair.includes('early-exit'));
  });
  if (comparable.length === 0)
    return `The paper compares a SoFT model with SFT and with early exit. In this run ${kinds}, and no comparison sets a SoFT model beside one of the others.`;
  const waiting = comparable.filter(({ name }) => !scored.has(name));
  if (waiting.length === comparable.length)
    return `In this run ${kinds}, as in the paper, but ${waiting.map(({ name }) => name).join(', ')} is not scored yet.`;
  const depths = [
    ...new Set(published.map(({ exitA, layers }) => `${Math.round((100 * exitA) / layers)} %`)),
  ];
  return `In this run ${kinds}, as in the paper, but none of its exits stands at a depth that the paper has: ${depths.join(', ')} of the layers.`;
}

function namesOf(head: RunHead): string {
  return head.models.map(({ label }) => label).join(', ');
}
