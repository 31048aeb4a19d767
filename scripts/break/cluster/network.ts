/** Network namespaces on a bridge, as machines on a switch: made by `ip`, which needs root, and removed with this process. */
import { execFileSync } from 'node:child_process';

export interface Machine {
  /** Of the namespace. */
  readonly name: string;
  /** For people: `node 1`. */
  readonly label: string;
  readonly address: string;
  /** The end of its cable that is plugged into the bridge. */
  readonly plug: string;
}

export interface Network {
  readonly machines: readonly Machine[];
  remove(): void;
}

const PREFIX = 'sorted-break-';

/** @throws Error with what `ip` says, where this process may not make namespaces */
export function openNetwork(machines: number): Network {
  removeLeftovers();
  const subnet = freeSubnet();
  const bridge = `sb${process.pid}`;
  const names = Array.from({ length: machines }, (_, index) => `${PREFIX}${process.pid}-${index + 1}`);
  const remove = () => {
    names.forEach(removeMachine);
    removeCables(process.pid);
  };
  try {
    ip('link', 'add', bridge, 'type', 'bridge');
    ip('link', 'set', bridge, 'up');
    ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge);
    const plugged = names.map((name, index) => plugIn(name, index + 1, bridge, subnet));
    return { machines: plugged, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs `command` on a machine: the first words of a command line. */
export const on = ({ name }: Machine): readonly string[] => ['ip', 'netns', 'exec', name];

/** Every process of a machine, `kill -9`. */
export function killAll({ name }: Pick<Machine, 'name'>): void {
  for (let pids = pidsOn({ name }); pids.length > 0; pids = pidsOn({ name })) pids.forEach(kill);
}

export function pidsOn({ name }: Pick<Machine, 'name'>): number[] {
  return quietly(['netns', 'pids', name]).split('\n').filter(Boolean).map(Number);
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It had ended.
  }
}

/** Pulls the cable, or plugs it in again. Nobody is told that a connection is gone. */
export function setCable({ plug }: Machine, isIn: boolean): void {
  ip('link', 'set', plug, isIn ? 'up' : 'down');
}

/** What a slow cable does, in the words of `tc`; tbf is for kernels without netem. */
const SLOW = [
  {
    how: '100 ms each way, 1 % of packets lost (netem)',
    queue: ['netem', 'delay', '100ms', '20ms', 'loss', '1%'],
  },
  {
    how: '2 Mbit/s each way, what waits 200 ms is lost (tbf)',
    queue: ['tbf', 'rate', '2mbit', 'burst', '8kb', 'latency', '200ms'],
  },
] as const;

/** Makes the cable of a machine slow, both ways. @returns how */
export function slowDown({ name, plug }: Machine): string {
  const add = (device: string, queue: readonly string[]) => ['qdisc', 'add', 'dev', device, 'root', ...queue];
  const chosen = SLOW.find(({ queue }) => isDone('tc', add(plug, queue)));
  if (chosen === undefined) throw new Error('tc: expected a kernel with netem or tbf, found neither');
  run('tc', ['-n', name, ...add('eth0', chosen.queue)]);
  return chosen.how;
}

export function speedUp({ name, plug }: Machine): void {
  run('tc', ['qdisc', 'del', 'dev', plug, 'root']);
  run('tc', ['-n', name, 'qdisc', 'del', 'dev', 'eth0', 'root']);
}

function plugIn(name: string, index: number, bridge: string, subnet: string): Machine {
  const [plug, address] = [`sb${process.pid}n${index}`, `${subnet}.${10 + index}`];
  ip('netns', 'add', name);
  ip('link', 'add', plug, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  ip('link', 'set', plug, 'master', bridge, 'up');
  ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  ip('-n', name, 'link', 'set', 'eth0', 'up');
  ip('-n', name, 'link', 'set', 'lo', 'up');
  return { name, label: `node ${index}`, address, plug };
}

function removeMachine(name: string): void {
  killAll({ name });
  quietly(['netns', 'del', name]);
}

/** A namespace takes its cable along, but not before the last connection in it has timed out. */
function removeCables(pid: number): void {
  for (const line of quietly(['-br', 'link']).split('\n')) {
    const [, name] = new RegExp(`^(sb${pid}(n\\d+)?)[@\\s]`).exec(line) ?? [];
    if (name !== undefined) quietly(['link', 'del', name]);
  }
}

/** Of a process that was killed before it could clean up. */
function removeLeftovers(): void {
  const names = quietly(['netns', 'list']).split('\n');
  for (const line of names) {
    const [, name, pid] = new RegExp(`^(${PREFIX}(\\d+)-\\d+)`).exec(line) ?? [];
    if (name === undefined || isAlive(Number(pid))) continue;
    removeMachine(name);
    removeCables(Number(pid));
  }
}

function freeSubnet(): string {
  const numbers = Array.from({ length: 255 }, (_, index) => `10.231.${index}`);
  const found = numbers.find((subnet) => quietly(['-o', 'addr', 'show', 'to', `${subnet}.0/24`]) === '');
  if (found === undefined) throw new Error('expected a network 10.231.x.0/24 that is free, found none');
  return found;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const ip = (...args: string[]) => run('ip', args);

function quietly(args: readonly string[]): string {
  try {
    return run('ip', args);
  } catch {
    return '';
  }
}

function isDone(program: string, args: readonly string[]): boolean {
  try {
    run(program, args);
    return true;
  } catch {
    return false;
  }
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
