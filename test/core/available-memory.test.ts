import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { availableMemory } from '../../src/core/available-memory.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
let systems = 0;

/** A file system with these files. */
function system(files: Readonly<Record<string, string>>): string {
  const root = join(folder, `${systems++}`);
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const FREE = 1000;

describe('available memory', () => {
  it('is what the machine has free where no control group has a limit', () => {
    expect(availableMemory(system({}), FREE)).toBe(FREE);
    const unlimited = system({
      'proc/self/cgroup': '0::/job\n',
      'sys/fs/cgroup/job/memory.max': 'max\n',
      'sys/fs/cgroup/job/memory.current': '500\n',
    });
    expect(availableMemory(unlimited, FREE)).toBe(FREE);
  });

  it('is what the group’s limit leaves, beside pages of files, which can be dropped', () => {
    const root = system({
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': '800\n',
      'sys/fs/cgroup/memory.current': '700\n',
      'sys/fs/cgroup/memory.stat': 'anon 300\nfile 400\ninactive_file 250\nactive_file 50\nworkingset 9\n',
    });
    expect(availableMemory(root, FREE)).toBe(800 - 700 + 250 + 50);
  });

  it('is the least of all groups above this process', () => {
    const root = system({
      'proc/self/cgroup': '0::/outer/inner\n',
      'sys/fs/cgroup/outer/inner/memory.max': '900\n',
      'sys/fs/cgroup/outer/inner/memory.current': '10\n',
      'sys/fs/cgroup/outer/memory.max': '600\n',
      'sys/fs/cgroup/outer/memory.current': '100\n',
    });
    expect(availableMemory(root, FREE)).toBe(500);
  });

  it('goes by the older kind of groups, too, and is never less than nothing', () => {
    const files = {
      'proc/self/cgroup': '5:devices:/\n4:memory:/job\n0::/\n',
      'sys/fs/cgroup/memory/job/memory.limit_in_bytes': '700\n',
      'sys/fs/cgroup/memory/job/memory.usage_in_bytes': '650\n',
      'sys/fs/cgroup/memory/job/memory.stat':
        'inactive_file 1\ntotal_inactive_file 100\ntotal_active_file 20\n',
    };
    expect(availableMemory(system(files), FREE)).toBe(170);
    const full = { ...files, 'sys/fs/cgroup/memory/job/memory.usage_in_bytes': '900\n' };
    expect(availableMemory(system(full), FREE)).toBe(0);
  });

  it('is some of this machine’s', () => {
    expect(availableMemory()).toBeGreaterThan(1e6);
  });
});
