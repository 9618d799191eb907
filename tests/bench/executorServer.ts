// A twin with the Nonprofit Success Pack in a process of its own: says where it is and who its users are on one line.
import { startTwin } from '../../scripts/twin/startTwin.ts';

const twin = await startTwin({ shape: 'npsp', port: 0, production: true, dailyRequests: 1_000_000_000 });
const { instanceUrl: url, orgId, users, adminToken: admin } = twin;
process.stdout.write(`${JSON.stringify({ url, token: '', admin, orgId, users })}\n`);
process.stdin.resume();
process.stdin.on('end', () => {
  process.stdout.write(`${JSON.stringify({ memory: process.resourceUsage().maxRSS * 1024 })}\n`);
  void twin.close();
});
