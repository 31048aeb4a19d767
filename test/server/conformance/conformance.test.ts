import { afterAll, beforeAll, describe } from 'vitest';
import { tempFolder } from '../../support/temp-folder.ts';
import { completionContract } from './completed.ts';
import { judgeContract } from './judged.ts';
import { featureContract } from './measured.ts';
import { refusalContract } from './refused.ts';
import {
  isOnRay,
  serveHere,
  serveOnRay,
  serveWithPython,
  type TestedServer,
  whyNoPython,
} from './servers.ts';

const folder = tempFolder();
const noPython = whyNoPython();
const START_MS = isOnRay ? 900_000 : 180_000;

describe('sorted-eval serve', () => suite(serveHere));
describe.skipIf(noPython !== undefined)(`scripts/serve${noPython ? ` (skipped: ${noPython})` : ''}`, () =>
  suite(serveWithPython),
);
describe.skipIf(noPython !== undefined || !isOnRay)('scripts/serve on Ray', () => suite(serveOnRay));

function suite(start: (folder: string) => Promise<TestedServer>): void {
  let server: TestedServer;
  beforeAll(async () => {
    server = await start(folder);
  }, START_MS);
  afterAll(() => server.end(), START_MS);
  for (const contract of [completionContract, refusalContract, featureContract, judgeContract])
    contract(() => server);
}
