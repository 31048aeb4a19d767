import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Continuation } from '../../../src/engine/forced/continuation.ts';
import { type TeacherForceOptions, teacherForce } from '../../../src/engine/forced/teacher-force.ts';
import type { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { randomIds } from '../../support/decode.ts';
import { NETWORK_SHAPES } from '../../support/network-shapes.ts';
import { seededRandom } from '../../support/random.ts';
import { openRandomNetwork } from '../../support/random-model.ts';
import { bitsOf } from '../../support/recorded-network.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
/** Hidden states are around 3; only the order of sums differs. */
const TOLERANCE = 5e-5;

describe.each(NETWORK_SHAPES)('teacher forcing of a network with %s', (name, options) => {
  const random = seededRandom(8);
  const layers = options.layers ?? 4;
  const exits = [1, layers];
  let model: SegmentedModel;
  let width: number;
  beforeAll(async () => {
    const all = { contextLength: 1300, exits, ...options };
    const opened = await openRandomNetwork(root, name.replaceAll(' ', '-'), all);
    model = opened.network;
    width = opened.architecture.hiddenSize;
  });
  afterAll(() => model.close());

  const draw = (context: number, continuation: number): Continuation => ({
    context: randomIds(random, context, 250),
    continuation: randomIds(random, continuation, 250),
  });

  const force = async (continuations: readonly Continuation[], more: Partial<TeacherForceOptions> = {}) =>
    (await teacherForce(model, continuations, { exits, ...more })).map((byExit) =>
      exits.map((exit) => byExit.get(exit)!),
    );

  it.each([false, true])(
    'gives each continuation the states that it has alone, bit for bit (shared contexts: %s)',
    async (shareContexts) => {
      const [first, second] = [draw(12, 9), draw(80, 9)];
      const continuations = [
        first,
        draw(15, 6),
        { ...draw(1, 1), context: first.context },
        { ...draw(1, 9), context: first.context },
        second,
        { ...draw(1, 20), context: second.context },
        draw(20, 1),
        draw(1, 20),
        draw(700, 30),
        draw(3, 600),
      ];
      const together = await force(continuations, { shareContexts });
      expect(await bitsOfAll(force(continuations, { shareContexts, batchSize: 1 }))).toEqual(
        together.map((states) => states.map(bitsOf)),
      );
      for (const [index, one] of continuations.entries()) {
        const [alone] = await force([one], { shareContexts });
        expect(alone!.map(({ length }) => length)).toEqual(exits.map(() => one.continuation.length * width));
        expect(together[index]!.map(bitsOf)).toEqual(alone!.map(bitsOf));
      }
    },
  );

  it('differs by rounding alone between shared contexts and whole passes', async () => {
    const continuations = [draw(12, 9), draw(70, 2), draw(30, 1)];
    const [whole, shared] = [await force(continuations), await force(continuations, { shareContexts: true })];
    for (const [index, states] of whole.entries()) {
      for (const [place, values] of states.entries()) {
        const distances = values.map((value, i) => Math.abs(value - shared[index]![place]![i]!));
        expect(Math.max(...distances)).toBeLessThan(TOLERANCE);
      }
    }
  });

  it('gives an empty continuation no states, and leaves the others as they are', async () => {
    const [some, none] = [draw(5, 3), draw(8, 0)];
    const [empty, states] = await force([none, some]);
    expect(empty!.map(({ length }) => length)).toEqual([0, 0]);
    expect(states!.map(bitsOf)).toEqual((await force([some]))[0]!.map(bitsOf));
  });

  it('runs no further than the deepest exit wanted, with the same states', async () => {
    const continuation = draw(10, 4);
    const [[first]] = (await force([continuation])) as [[Float32Array]];
    for (const shareContexts of [false, true]) {
      const run = model.runSegment.bind(model);
      const ran = new Set<number>();
      model.runSegment = (index, input, step) => {
        ran.add(index);
        return run(index, input, step);
      };
      const [byExit] = await teacherForce(model, [continuation], { exits: [1], shareContexts });
      model.runSegment = run;
      expect([...ran]).toEqual([0]);
      expect([...byExit!.keys()]).toEqual([1]);
      if (!shareContexts) expect(bitsOf(byExit!.get(1)!)).toBe(bitsOf(first));
    }
  });
});

async function bitsOfAll(states: Promise<Float32Array[][]>): Promise<string[][]> {
  return (await states).map((byExit) => byExit.map(bitsOf));
}
