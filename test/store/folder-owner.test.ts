import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ownFolder, releaseAfterError } from '../../src/store/folder-owner.ts';
import { inputErrorOf } from '../support/failure.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Becomes the owner of a folder; `notes` are the lines that say for whom it waits. */
function own(folder: string, { wait = true, signal }: { wait?: boolean; signal?: AbortSignal } = {}) {
  const notes: string[] = [];
  const owner = ownFolder(folder, { wait, note: (text) => void notes.push(text), signal });
  return { notes, owner };
}

describe('the owner of a folder', () => {
  it('is one at a time: the second waits, says for whom, and follows', async () => {
    const folder = tempFolder();
    const first = await own(folder).owner;
    const { notes, owner } = own(folder);
    let isOwner = false;
    owner.then(() => {
      isOwner = true;
    });
    await sleep(250);
    expect(isOwner).toBe(false);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^Waiting for process \d+ \(sorted-eval.*\) since \S+, which works in /);
    expect(notes[0]).toContain(`process ${process.pid} `);
    first.release();
    (await owner).release();
    expect(notes).toHaveLength(1);
  });

  it('is one at a time, however many want to be', async () => {
    const folder = join(tempFolder(), 'a', 'b');
    let owners = 0;
    let most = 0;
    const work = async () => {
      const owner = await own(folder).owner;
      most = Math.max(most, ++owners);
      await sleep(5);
      owners--;
      owner.release();
    };
    await Promise.all(Array.from({ length: 8 }, work));
    expect(most).toBe(1);
  });

  it('is refused without waiting, if the caller wants that, with one line', async () => {
    const folder = tempFolder();
    const first = await own(folder).owner;
    const error = await inputErrorOf(() => own(folder, { wait: false }).owner);
    expect(error.code).toBe('in-use');
    expect(error.message).toContain(`found process ${process.pid} (sorted-eval`);
    first.release();
    (await own(folder, { wait: false }).owner).release();
  });

  it('stops to wait when it is interrupted', async () => {
    const folder = tempFolder();
    const first = await own(folder).owner;
    const interrupt = new AbortController();
    const { owner } = own(folder, { signal: interrupt.signal });
    interrupt.abort();
    await expect(owner).rejects.toThrow(/abort/i);
    first.release();
  });

  it('leaves nothing behind: no file, and no folder that it made and nobody filled', async () => {
    const root = tempFolder();
    const empty = await own(join(root, 'a', 'b')).owner;
    expect(readdirSync(join(root, 'a', 'b')).sort()).toEqual(['.owner.db', '.owner.txt']);
    empty.release();
    expect(readdirSync(root)).toEqual([]);
    const filled = await own(join(root, 'a', 'b')).owner;
    writeFileSync(join(root, 'a', 'b', 'file'), '');
    filled.release();
    expect(readdirSync(join(root, 'a', 'b'))).toEqual(['file']);
    mkdirSync(join(root, 'own'));
    (await own(join(root, 'own')).owner).release();
    expect(existsSync(join(root, 'own'))).toBe(true);
  });

  it('is refused with one line where the folder cannot be written to', async () => {
    const root = tempFolder();
    writeFileSync(join(root, 'file'), '');
    mkdirSync(join(root, 'odd', '.owner.db'), { recursive: true });
    for (const name of ['odd', join('file', 'out')]) {
      const error = await inputErrorOf(() => own(join(root, name)).owner);
      expect(error.code).toBe('not-writable');
      expect(error.where).toBe(join(root, name));
    }
  });

  it('learns that its folder was moved, which then explains every other error', async () => {
    const root = tempFolder();
    const owner = await own(join(root, 'out')).owner;
    owner.requireFolder();
    renameSync(join(root, 'out'), join(root, 'moved'));
    expect((await inputErrorOf(() => owner.requireFolder())).message).toContain('it was deleted or moved');
    const next = await own(join(root, 'out')).owner;
    expect((await inputErrorOf(() => releaseAfterError(owner))).code).toBe('not-writable');
    expect(readFileSync(join(root, 'out', '.owner.txt'), 'utf8')).toContain(`process ${process.pid}`);
    next.release();
  });
});
