// One sitting at a plan in a process of its own, so that it can be killed: applies or resumes, then says how it ended.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openTwinAs } from '../../scripts/app/connectTwin.ts';
import { loadLaw } from '../../scripts/app/loadLaw.ts';
import { createVault } from '../../scripts/vault/createVault.ts';
import { applyInput, applyPorts } from '../plan/cycle.ts';
import { oneSitting } from './drive.ts';
import type { SittingOrder } from './killedRuns.ts';

const { twin, folder, planPath, now } = JSON.parse(process.argv[2] ?? '') as SittingOrder;
const clock = { now: () => now };
const law = await loadLaw({ charterPath: 'config/charters/demo.yml', starterAllowed: false });
const admin = await openTwinAs(twin, 'admin');
const vault = createVault({ dataDir: join(folder, 'vault'), now: clock.now, random: randomBytes });
const seat = { law, admin, clock };
const { summary } = await oneSitting(applyInput(seat, planPath), applyPorts(seat, { vault }, { random: randomBytes }));
process.stdout.write(JSON.stringify(summary));
