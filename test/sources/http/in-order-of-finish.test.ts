import { expect, it } from 'vitest';
import { inOrderOfFinish } from '../../../src/sources/http/in-order-of-finish.ts';

/** Promises with the functions that settle them. */
function open(count: number) {
  return Array.from({ length: count }, () => {
    let [resolve, reject] = [(_value: string) => {}, (_error: Error) => {}];
    const promise = new Promise<string>((kept, broken) => {
      [resolve, reject] = [kept, broken];
    });
    return { promise, resolve, reject };
  });
}

it('values come in the order in which their promises are kept', async () => {
  const [first, second, third] = open(3);
  const values = inOrderOfFinish([first!, second!, third!].map(({ promise }) => promise));
  third!.resolve('third');
  expect((await values.next()).value).toBe('third');
  first!.resolve('first');
  second!.resolve('second');
  expect((await values.next()).value).toBe('first');
  expect((await values.next()).value).toBe('second');
  expect((await values.next()).done).toBe(true);
});

it('a rejection is thrown in its turn, after what came before it; a later one is handled', async () => {
  const [first, second, third] = open(3);
  const values = inOrderOfFinish([first!, second!, third!].map(({ promise }) => promise));
  const next = values.next();
  second!.resolve('second');
  await second!.promise;
  first!.reject(new Error('broken'));
  third!.reject(new Error('also broken'));
  expect((await next).value).toBe('second');
  await expect(values.next()).rejects.toThrow('broken');
});

it('nothing comes of nothing', async () => {
  expect((await inOrderOfFinish([]).next()).done).toBe(true);
});
