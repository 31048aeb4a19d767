import type { Plugin } from 'chart.js';
import { shownPixel } from '../chart/shown.ts';

const PLACES = ['x', 'y', 'base', 'width', 'height'] as const;

/** Rounds the places of all marks once Chart.js has computed them. */
export const pixelGrid: Plugin = {
  id: 'pixelGrid',
  afterUpdate(chart) {
    for (const { data } of chart.getSortedVisibleDatasetMetas()) {
      for (const mark of data as unknown as Partial<Record<(typeof PLACES)[number], unknown>>[]) {
        for (const place of PLACES) {
          const px = mark[place];
          if (typeof px === 'number' && Number.isFinite(px)) mark[place] = shownPixel(px);
        }
      }
    }
  },
};
