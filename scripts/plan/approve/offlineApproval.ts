import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonicalJson.ts';
import { GardeError } from '../../kernel/result.ts';
import type { PlanHeader } from '../../model/plan.ts';
import { termsSummary } from '../file/shownSummary.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest in hexadecimal');

/**
 * A plan approved without a login to the org: who, what they read, and until when, signed with a key whose public half is
 * pinned in the org (GardeApprovalKey__mdt). A refusal is recorded in the org: a file that speaks against a run could be
 * left out.
 */
export const offlineApproval = z.strictObject({
  garde: z.literal('approval'),
  version: z.literal(1),
  plan: digest,
  /** Of the terms that the approver read. */
  summary: digest,
  decision: z.literal('approved'),
  /** Username in the org. */
  approver: z.string().min(1).max(80),
  signedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Ed25519 over everything else, in base64. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'an Ed25519 signature in base64'),
});
export type OfflineApproval = z.infer<typeof offlineApproval>;

const refuse = (code: string, subject: string, message: string, action: string): GardeError =>
  new GardeError([{ code, subject, message, actions: [action] }]);

/** What is signed: named, so that no signature made for something else is one of these. */
const signedText = (approval: OfflineApproval): Buffer =>
  Buffer.from(`garde-approval/1\n${canonicalJson({ ...approval, signature: undefined })}\n`);

/** An Ed25519 private key from PEM text (PKCS #8). Error: ApprovalKeyNotValid. */
export const approvalKey = (pem: string, path: string, passphrase?: string): KeyObject => {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    key = undefined; // what OpenSSL says of it helps nobody
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw refuse(
    'ApprovalKeyNotValid',
    path,
    'This file is no Ed25519 private key, or its passphrase is another.',
    'Make one with `garde plan sign --make-key`, or with `openssl genpkey -algorithm ed25519`.',
  );
};

/** The public half as it is pinned: SubjectPublicKeyInfo in base64. */
export const publicKeyText = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

/** Approves a plan by signature until it expires. */
export const signApproval = (
  header: PlanHeader,
  approver: string,
  key: KeyObject,
  signedAt: string,
): OfflineApproval => {
  const said = {
    ...{ garde: 'approval' as const, version: 1 as const, decision: 'approved' as const },
    ...{ plan: header.digest, summary: termsSummary(header), approver, signedAt },
    expiresAt: header.terms.expiresAt,
  };
  const unsigned = { ...said, signature: '' };
  return { ...said, signature: sign(null, signedText(unsigned), key).toString('base64') };
};

/** Whether the pinned key made the approval's signature; a text that is no Ed25519 key made none. */
export const isSignedBy = (approval: OfflineApproval, pinned: string): boolean => {
  try {
    const key = createPublicKey({ key: Buffer.from(pinned, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ed25519') return false;
    return verify(null, signedText(approval), key, Buffer.from(approval.signature, 'base64'));
  } catch {
    return false; // no key at all: nothing is signed by it
  }
};

const contentOf = (path: string): unknown => {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined; // told below, as any file that is no approval
  }
};

/** The approval in a file. Error: ApprovalFileNotValid with every wrong field. */
export const readApproval = (path: string): OfflineApproval => {
  const read = offlineApproval.safeParse(contentOf(path) ?? null);
  if (read.success) return read.data;
  throw new GardeError(
    read.error.issues.map((issue) => ({
      code: 'ApprovalFileNotValid',
      subject: [path, issue.path.join('.')].filter((part) => part !== '').join(': '),
      message: `This is no approval as \`garde plan sign\` writes it: ${issue.message}`,
      actions: ['Ask the approver for the file as it was written: it is not edited by hand.'],
    })),
  );
};
