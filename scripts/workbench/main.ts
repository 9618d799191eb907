/** The workbench as a process of its own: told over IPC what to show, gone when the one who started it is. */
import { z } from 'zod';
import { startWorkbench } from './server.ts';

const order = z.strictObject({
  instanceUrl: z.url(),
  accessToken: z.string(),
  apiVersion: z.string(),
  orgName: z.string(),
  port: z.int(),
  artefacts: z.array(z.strictObject({ title: z.string(), name: z.string(), path: z.string() })),
});

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group: the parent ends us in its own order
process.on('SIGINT', () => undefined);
process.once('message', (message) => {
  void startWorkbench(order.parse(message)).then(({ url }) => process.send?.({ url }));
});
