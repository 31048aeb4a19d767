/** Which rows of a long table are drawn: those in the window, and a few around them. */
import {
  observeWindowOffset,
  observeWindowRect,
  type VirtualItem,
  Virtualizer,
  windowScroll,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

/** Height of a row before it was drawn once. */
const ESTIMATE_PX = 88;
/** Rows beyond the window on both sides, so that the next one is there when the tab key leaves the last. */
const OVERSCAN = 6;

export interface RowWindow {
  readonly rows: readonly VirtualItem[];
  /** Heights of what is not drawn. */
  readonly abovePx: number;
  readonly belowPx: number;
  readonly body: RefObject<HTMLTableSectionElement | null>;
  readonly rowRef: (row: HTMLTableRowElement | null) => void;
}

/** @param keyOf name of a row: what was measured of it holds for it wherever it stands */
export function useRowWindow(count: number, keyOf: (index: number) => string): RowWindow {
  const body = useRef<HTMLTableSectionElement>(null);
  const scrollMargin = useTop(body);
  const [, redraw] = useReducer<number, void>((times) => times + 1, 0);
  const options = { ...FIXED, count, getItemKey: keyOf, scrollMargin, onChange: () => redraw() };
  const [virtualizer] = useState(() => new Virtualizer<Window, HTMLTableRowElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  const rows = virtualizer.getVirtualItems();
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    ...{ rows, body, rowRef: virtualizer.measureElement },
    abovePx: first === undefined ? 0 : first.start - scrollMargin,
    belowPx: last === undefined ? 0 : virtualizer.getTotalSize() - (last.end - scrollMargin),
  };
}

const FIXED = {
  estimateSize: () => ESTIMATE_PX,
  overscan: OVERSCAN,
  getScrollElement: () => window,
  observeElementRect: observeWindowRect,
  observeElementOffset: observeWindowOffset,
  scrollToFn: windowScroll,
};

/** Distance of an element from the top of the page, which moves when what stands above it is read at last. */
function useTop(element: RefObject<HTMLElement | null>): number {
  const [topPx, setTopPx] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (element.current) setTopPx(Math.round(element.current.getBoundingClientRect().top + scrollY));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    measure();
    return () => observer.disconnect();
  }, []);
  return topPx;
}
