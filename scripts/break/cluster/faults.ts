/** What happens to a sweep at its middle, and what makes the cluster whole again afterwards. */
import type { Random } from '../../../test/support/random.ts';
import { kill, killAll, setCable, slowDown, speedUp } from './network.ts';
import type { RayNodes } from './ray-nodes.ts';

export interface Disturbed {
  readonly nodes: RayNodes;
  readonly random: Random;
  /** `kill -9` of the harness. */
  readonly killHarness: () => void;
}

export interface Fault {
  /** How often; a fault after which the cluster starts again takes minutes. */
  readonly rounds: number;
  readonly what: string;
  readonly promise: string;
  /** Strikes at once instead of in mid-sweep. */
  readonly isFromTheStart?: boolean;
  /** The exit code of the command that is struck; default: any but a bug's or bad input's. */
  readonly code?: number | 'killed';
  /** @returns what was hit, for the log */
  readonly strike: (disturbed: Disturbed) => string;
  /** Before the same command is called again. */
  readonly before?: (nodes: RayNodes) => Promise<void>;
  /** After the sweep has ended; what the next fault needs. The last one needs nothing. */
  readonly mend?: (nodes: RayNodes) => Promise<void>;
}

const SAME = 'the content of an undisturbed run';
const LATER = 'at last by the same command again, the content of an undisturbed run';

export const FAULTS = {
  replica: {
    what: 'a replica killed',
    rounds: 3,
    promise: `one call ends with code 0: ${SAME}`,
    code: 0,
    strike: ({ nodes, random }) => {
      const replicas = nodes.replicas();
      const { pid, model, machine } = replicas[random.below(replicas.length)]!;
      kill(pid);
      return `${model} on ${machine.label}`;
    },
    mend: (nodes) => nodes.whole(),
  },
  harness: {
    what: 'the harness killed and started again',
    rounds: 2,
    promise: SAME,
    code: 'killed',
    strike: ({ killHarness }) => {
      killHarness();
      return 'the harness';
    },
  },
  slow: {
    what: 'a node behind a slow link',
    rounds: 1,
    promise: `one call ends with code 0: ${SAME}`,
    isFromTheStart: true,
    code: 0,
    strike: ({ nodes }) => slowDown(nodes.workers.at(-1)!),
    mend: async (nodes) => speedUp(nodes.workers.at(-1)!),
  },
  cable: {
    what: 'a node whose cable is pulled',
    rounds: 1,
    promise: LATER,
    strike: ({ nodes }) => {
      const lost = lostWith(nodes);
      setCable(nodes.workers.at(-1)!, false);
      return lost;
    },
    // Ray counts it as dead; the next fault takes the whole cluster.
    mend: async ({ workers }) => {
      setCable(workers.at(-1)!, true);
      killAll(workers.at(-1)!);
    },
  },
  head: {
    what: 'the head killed, the cluster started again',
    rounds: 1,
    promise: `exit code 3; then, by the same command, ${SAME}`,
    code: 3,
    strike: ({ nodes }) => {
      killAll(nodes.head);
      return 'the head';
    },
    before: (nodes) => nodes.restart(),
  },
  node: {
    what: 'a whole node killed',
    rounds: 1,
    promise: LATER,
    strike: ({ nodes }) => {
      const lost = lostWith(nodes);
      killAll(nodes.workers.at(-1)!);
      return lost;
    },
  },
} satisfies Record<string, Fault>;

/** What lies on the last node. */
function lostWith(nodes: RayNodes): string {
  const lost = nodes.replicas().filter(({ machine }) => machine === nodes.workers.at(-1));
  return `replicas of ${lost.map(({ model }) => model).join(', ')}`;
}

export type FaultName = keyof typeof FAULTS;
