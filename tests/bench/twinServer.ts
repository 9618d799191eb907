// A twin in a process of its own: says where it is on one line, ends when its input does, then says what it held at most.
import { startTwin } from '../../scripts/twin/startTwin.ts';

const twin = await startTwin({ shape: 'bare', port: 0, production: true, dailyRequests: 1_000_000_000 });
const { accessToken } = twin.users['loader'] ?? { accessToken: '' };
process.stdout.write(`${JSON.stringify({ url: twin.instanceUrl, token: accessToken, admin: twin.adminToken })}\n`);
process.stdin.resume();
process.stdin.on('end', () => {
  process.stdout.write(`${JSON.stringify({ memory: process.resourceUsage().maxRSS * 1024 })}\n`);
  void twin.close();
});
