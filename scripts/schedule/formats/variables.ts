import type { Job } from '../schedule.ts';

/** What a CI keeps as protected variables; the login takes them from the environment. */
const VARIABLES: Readonly<Record<string, string>> = {
  '--client-id': '"$GARDE_CLIENT_ID"',
  '--jwt-key-file': '"$GARDE_JWT_KEY_FILE"',
};

/** The login as a shell command whose key and client come from variables. */
export const loginWithVariables = (job: Job, word: (value: string) => string): string =>
  [job.cli, ...job.login].map((value, i) => VARIABLES[job.login[i - 2] ?? ''] ?? word(value)).join(' ');
