import { useEffect } from 'preact/hooks';
import type { PointedCell } from './matrix-cell.tsx';

interface MatrixTipProps {
  readonly pointed: PointedCell;
  readonly onLeave: () => void;
}

/** Below it there is room for a tip; a cell further down has it above. */
const ROOM_PX = 220;

/** The numbers of the cell under the pointer, beside it, a line each; escape and scrolling take them away. */
export function MatrixTip({ pointed: { detail, element }, onLeave }: MatrixTipProps) {
  useEffect(() => {
    const leave = (event: KeyboardEvent) => event.key === 'Escape' && onLeave();
    addEventListener('keydown', leave);
    addEventListener('scroll', onLeave, { capture: true, once: true });
    return () => {
      removeEventListener('keydown', leave);
      removeEventListener('scroll', onLeave, { capture: true });
    };
  });
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const middle = (left + right) / 2;
  const isLow = bottom + ROOM_PX > innerHeight;
  return (
    <div
      class={`tip ${isLow ? 'above' : ''}`}
      role="tooltip"
      style={{ left: `${middle}px`, top: `${isLow ? top : bottom}px`, '--middle': middle / innerWidth }}
    >
      {detail.split('; ').map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
