import { checksRead } from '../../../store/read/score-reads.ts';
import { checkState } from '../../../store/tables/score-table.ts';
import { useRead } from '../../state.ts';

const CLASSES = { passed: 'good', failed: 'bad', note: 'remark' } as const;

/** One badge for each check of a run; what was found stands in the section of checks. */
export function CheckBadges({ run }: { run: string }) {
  const checks = useRead('first', checksRead(run)).result ?? [];
  if (checks.length === 0) return null;
  return (
    <ul class="checks-shown" aria-label="Checks">
      {checks.map(({ name, detail, ...check }) => {
        const state = checkState(check);
        return (
          <li key={name} class={`check ${CLASSES[state]}`} title={detail}>
            {name}: {state}
          </li>
        );
      })}
    </ul>
  );
}
