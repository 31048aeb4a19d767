/** Damage to the files of a model folder. */
import { readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../support/random.ts';
import { casesOf, type HostileCase } from './hostile-case.ts';

/** Every file of the folder gone, shortened, longer, or a link to nothing. @param names of its files */
export function wrongFiles(names: readonly string[]): HostileCase[] {
  const damages: Record<string, (path: string) => void> = {
    gone: (path) => rmSync(path),
    empty: (path) => truncateSync(path, 0),
    'cut in half': (path) =>
      writeFileSync(path, readFileSync(path).subarray(0, readFileSync(path).length / 2)),
    'longer by a byte': (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')])),
    'a link to nothing': (path) => {
      rmSync(path);
      symlinkSync('nothing', path);
    },
  };
  return names.flatMap((name) => casesOf(name, damages, (folder, damage) => damage(join(folder, name))));
}

/** One flipped bit in a graph; ONNX Runtime would run some of them, and give other numbers. */
export function graphFlips(folder: string, count: number): HostileCase[] {
  const random = seededRandom(21);
  const graphs = readdirSync(folder)
    .filter((name) => name.endsWith('.onnx'))
    .sort();
  return Array.from({ length: count }, (_, index) => {
    const name = graphs[index % graphs.length]!;
    const bytes = readFileSync(join(folder, name));
    const [byte, bit] = [random.below(bytes.length), random.below(8)];
    bytes[byte]! ^= 1 << bit;
    return {
      name: `${name}: bit ${bit} of byte ${byte} flipped`,
      change: (copy: string) => writeFileSync(join(copy, name), bytes),
      said: /expected the graph of sha256/,
    };
  });
}
