import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import { GardeError } from '../../kernel/result.ts';
import { readPlanHeader } from '../file/openPlan.ts';
import { approvalKey, publicKeyText, signApproval } from './offlineApproval.ts';

export type ApproveOfflineInput = {
  readonly planPath: string;
  /** Username in the org under which the public key is pinned. */
  readonly approver: string;
  readonly keyPath: string;
  /** Opens the key; a new one is sealed with it. */
  readonly passphrase?: string;
  /** Makes the key first; never over one that is there. */
  readonly makeKey: boolean;
  readonly outputDir: string;
};

export type ApproveOfflineResult = {
  /** Path of the signed approval, for `plan apply --approval`. */
  readonly path: string;
  readonly planDigest: string;
  readonly approver: string;
  readonly expiresAt: string;
  /** What is pinned in the org. */
  readonly publicKey: string;
};

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

const makeKey = (path: string, passphrase: string | undefined): void => {
  if (existsSync(path)) {
    throw refuse(
      'ApprovalKeyExists',
      path,
      'There is a file already where the new key was to be written.',
      'Leave out --make-key to sign with it, or name another file.',
    );
  }
  const { privateKey } = generateKeyPairSync('ed25519');
  const sealed = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8', ...sealed }), { mode: 0o600, flag: 'wx' });
};

/** Characters that a username may have in a file's name. */
const inFileName = (username: string): string => username.replace(/[^A-Za-z0-9.-]+/g, '-').slice(0, 80);

/**
 * Approves a plan by signature, without a login: the readable header is enough. It counts once an administrator has
 * pinned the public key in the org, and only for somebody who neither planned nor runs. Errors: PlanUnreadable,
 * PlanExpired, ApprovalKeyExists, ApprovalKeyNotValid.
 */
export const approveOffline = (
  input: ApproveOfflineInput,
  { clock }: { readonly clock: Clock },
): ApproveOfflineResult => {
  const header = readPlanHeader(input.planPath);
  const now = clock.now();
  const { digest, terms } = header;
  if (terms.expiresAt <= now) {
    throw refuse(
      'PlanExpired',
      digest.slice(0, 8),
      'This plan is past its expiry.',
      'Plan again from the org as it is now.',
    );
  }
  if (input.makeKey) makeKey(input.keyPath, input.passphrase);
  const pem = existsSync(input.keyPath) ? readFileSync(input.keyPath, 'utf8') : '';
  const key = approvalKey(pem, input.keyPath, input.passphrase);
  const approval = signApproval(header, input.approver, key, now);
  mkdirSync(input.outputDir, { recursive: true });
  const path = join(input.outputDir, `approval-${digest.slice(0, 8)}-${inFileName(input.approver)}.json`);
  writeFileSync(`${path}.new`, `${JSON.stringify(approval, null, 2)}\n`);
  renameSync(`${path}.new`, path);
  const { approver, expiresAt } = approval;
  return { path, planDigest: digest, approver, expiresAt, publicKey: publicKeyText(key) };
};
