import { useEffect } from 'preact/hooks';
import { cellSettings, pairChoice } from '../../address.ts';
import { chosenPairs, isDisagreement, type LabelledPair, outcomeOf } from '../../content/pair/pairs.ts';
import type { CellAddress } from '../../queries/cell-query.ts';
import { useLink, usePage } from '../../state.ts';
import { usePairs } from '../cell/use-pairs.ts';

interface StepsProps {
  readonly cell: CellAddress;
  readonly names: readonly [a: string, b: string];
  readonly id: string;
}

/** Back to the cell, and through the pairs that are chosen there. */
export function Steps({ cell, names, id }: StepsProps) {
  const choice = pairChoice(usePage().route.settings);
  const link = useLink();
  const { place, count, ...to } = useNeighbours(cell, id);
  const back = link('cell', cellSettings(cell, choice));
  const { previous, next, disagreement, flip } = to;
  useKeys({
    ...{ ArrowLeft: previous, ArrowRight: next, k: previous, j: next, u: back },
    ...{ d: disagreement, f: flip },
  });
  return (
    <nav class="steps" aria-label="Pairs of the cell">
      <a href={back}>
        {names[0]} against {names[1]}
      </a>
      <span>
        {place} of {count}
      </span>
      <Step href={previous}>← Previous</Step>
      <Step href={next}>Next →</Step>
      <Step href={disagreement}>Next disagreement</Step>
      <Step href={flip}>Next flip</Step>
      <span class="muted keys">Keys: ← → or k j; d: disagreement; f: flip; u: up to the cell</span>
    </nav>
  );
}

/** A link, or only its words where it would lead nowhere. */
function Step({ href, children }: { href: string | undefined; children: string }) {
  return href === undefined ? <span class="muted">{children}</span> : <a href={href}>{children}</a>;
}

/** Addresses of pairs of the chosen list, as far as there are such. */
function useNeighbours(cell: CellAddress, id: string) {
  const { settings } = usePage().route;
  const choice = pairChoice(settings);
  const link = useLink();
  const chosen = chosenPairs(usePairs(cell, choice.search).result ?? [], choice);
  const place = chosen.findIndex(({ instructionId }) => instructionId === id);
  const hrefOf = (pair: LabelledPair | undefined) => {
    const show = settings['show'] ?? '';
    const instruction = pair?.instructionId;
    return instruction && link('pair', { ...cellSettings(cell, choice), show, instruction });
  };
  const following = chosen.slice(place + 1);
  return {
    ...{ previous: hrefOf(chosen[place - 1]), next: hrefOf(following[0]) },
    disagreement: hrefOf(following.find(isDisagreement)),
    flip: hrefOf(following.find((pair) => outcomeOf(pair) === 'flip')),
    ...{ place: place + 1, count: chosen.length },
  };
}

/** Keys lead to addresses, except in fields and menus. */
function useKeys(addresses: Readonly<Record<string, string | undefined>>): void {
  useEffect(() => {
    const follow = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).matches?.('input, select, textarea');
      const href = Object.hasOwn(addresses, event.key) ? addresses[event.key] : undefined;
      if (isTyping || href === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      location.hash = href;
    };
    addEventListener('keydown', follow);
    return () => removeEventListener('keydown', follow);
  });
}
