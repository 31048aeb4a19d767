import { describe, expect, it } from 'vitest';
import { MinHeap } from '../../../src/model/tokenizer/min-heap.ts';

describe('MinHeap', () => {
  it('gives numbers back in order, those too that come while it is emptied', () => {
    const heap = new MinHeap();
    for (let item = 0; item < 200; item++) heap.push((item * 73) % 101);
    const taken = Array.from({ length: 100 }, () => heap.pop()!);
    for (const item of [-1, 1000, 50]) heap.push(item);
    const rest = Array.from({ length: 103 }, () => heap.pop()!);
    const ascending = (items: number[]) => [...items].sort((a, b) => a - b);
    expect(taken).toEqual(ascending(taken));
    expect(rest).toEqual(ascending(rest));
    expect(rest[0]).toBe(-1);
  });

  it('has nothing when it is empty', () => {
    const heap = new MinHeap();
    expect(heap.pop()).toBeUndefined();
    heap.push(1);
    expect([heap.pop(), heap.pop()]).toEqual([1, undefined]);
  });
});
