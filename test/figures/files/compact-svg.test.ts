import { describe, expect, it } from 'vitest';
import { renderFigure } from '../../../src/figures/files/canvas.ts';
import { compactSvg } from '../../../src/figures/files/compact-svg.ts';
import { klCurves } from '../../../src/figures/run/kl-curves.ts';

const ROUND = 'Q4.25 1.5 5.5 2.25Q6.5 3.75 5.25 4.5Q4.75 5.25 3.5 4.75Q2.25 3.25 1.5 3.25Z';
const path = (d: string, fill = '#1A1A1A') =>
  `<path fill="${fill}" stroke-miterlimit="10" transform="translate(1 2)" d="${d}"/>`;
const svg = (...paths: string[]) => `<svg width="9" height="9">\n${paths.join('\n')}\n</svg>`;

describe('a compact SVG', () => {
  it('defines what comes twice once, and places it', () => {
    const shape = `M1 1${ROUND}`;
    const moved = `M11 21${ROUND.replace(/[\d.]+ [\d.]+/g, (pair) => {
      const [x, y] = pair.split(' ').map(Number);
      return `${x! + 10} ${y! + 20}`;
    })}`;
    const compact = compactSvg(svg(path(shape), path(moved)));
    expect(compact.match(/<path /g)).toHaveLength(1);
    expect(compact).toContain(
      '<use fill="#1A1A1A" transform="translate(1 2)" xlink:href="#s1" x="1" y="1"/>',
    );
    expect(compact).toContain(
      '<use fill="#1A1A1A" transform="translate(1 2)" xlink:href="#s1" x="11" y="21"/>',
    );
  });

  it('keeps a hole with its letter, and parts letters from each other', () => {
    const ring = 'M0 0L9 0.25L9 9.75L0 9.25ZM3 3.25L6 3.75L6 6.25L3 6.75Z';
    const two = `${ring}${ring.replace(/([ML])(\d)/g, (_, command, x) => `${command}${Number(x) + 20}`)}`;
    const compact = compactSvg(svg(path(two)));
    const [, defined] = /<path id="s1" d="([^"]*)"/.exec(compact)!;
    expect(defined!.match(/m/gi)).toHaveLength(2);
    expect(compact.match(/<use /g)).toHaveLength(2);
  });

  it('keeps what is drawn once, and drops what draws nothing', () => {
    const compact = compactSvg(svg(path('M1 1L2 2.5'), path('')));
    expect(compact).toContain('<path fill="#1A1A1A" transform="translate(1 2)" d="M1 1l1 1.5"/>');
    expect(compact).not.toContain('d=""');
    expect(compact).toContain('stroke-miterlimit="10">');
  });

  it('keeps KL curves of eight exits below 500 kB', () => {
    const points = [3, 4, 5, 6, 7, 8, 9, 10].flatMap((exit) =>
      Array.from({ length: 15 }, (_, position) => ({
        ...{ exit, position, meanKlNats: 1 / exit + position / 10, instructions: 100 },
        ...{ ciLow: 0.01, ciHigh: 2 },
      })),
    );
    const panels = [1, 2, 3, 4, 5].map((number) => ({ title: `Panel ${number}`, points }));
    const direction = 'KL(reference ‖ sub-model)';
    const figure = klCurves({
      direction,
      unit: 'nats',
      path: 'teacher-forced',
      notes: ['A note of a few words.'],
      panels,
    });
    expect(renderFigure(figure, { format: 'svg' }).length).toBeLessThan(500_000);
  });
});
