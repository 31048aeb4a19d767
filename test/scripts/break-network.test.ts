import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  killAll,
  type Network,
  on,
  openNetwork,
  pidsOn,
  setCable,
} from '../../scripts/break/cluster/network.ts';

const LISTEN = "require('net').createServer((s) => s.end()).listen(8000, '0.0.0.0', () => console.log('up'))";
const REACH = `const socket = require('net').connect(8000, process.argv[1]);
socket.on('connect', () => process.exit(0)).on('error', () => process.exit(1));
setTimeout(() => process.exit(2), 1000);`;

/** As root, where the machine lets root do it. */
function mayMakeNetworks(): boolean {
  const probe = `sorted-probe-${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0) return false;
  const pair = ['link', 'add', `sp${process.pid}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', probe];
  const isDone = spawnSync('ip', pair).status === 0;
  spawnSync('ip', ['netns', 'del', probe]);
  return isDone;
}

describe.skipIf(!mayMakeNetworks())('machines on a bridge', { timeout: 60_000 }, () => {
  let network: Network;
  beforeAll(() => {
    network = openNetwork(2);
  });
  afterAll(() => network.remove());

  it('reach each other and this machine, until the cable is pulled or all their processes are killed', async () => {
    const [first, second] = network.machines as [Network['machines'][0], Network['machines'][0]];
    const [ip, ...rest] = [...on(first), process.execPath, '-e', LISTEN];
    const listening = spawn(ip!, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(listening.stdout, 'data');
    const reach = (words: readonly string[]) => {
      const [program, ...args] = [...words, process.execPath, '-e', REACH, first.address];
      return spawnSync(program!, args, { stdio: 'ignore' }).status;
    };
    expect([reach([]), reach(on(second))]).toEqual([0, 0]);
    setCable(first, false);
    expect(reach(on(second))).not.toBe(0);
    setCable(first, true);
    expect(reach(on(second))).toBe(0);
    expect(pidsOn(first)).toEqual([listening.pid]);
    const ended = once(listening, 'exit');
    killAll(first);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(reach(on(second))).toBe(1);
  });

  it('leave nothing behind', () => {
    network.remove();
    const names = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8' });
    for (const { name, plug } of network.machines) {
      expect(names('netns', 'list')).not.toContain(name);
      expect(names('-br', 'link')).not.toContain(plug);
    }
    expect(names('-br', 'link')).not.toContain(`sb${process.pid} `);
  });
});
