import type { Clock } from '../kernel/clock.ts';
import { GardeError } from '../kernel/result.ts';
import { openLeafSalts, type LeafSalts } from '../evidence/leafSalts.ts';
import { parseVerifierKey, verifierKey, type NoteKey } from '../evidence/signedNote.ts';
import { verifyLedger, type LedgerMemory, type LedgerReport } from '../evidence/verifyLedger.ts';
import type { Org } from '../org/port.ts';
import type { Vault } from '../vault/port.ts';
import { ledgerSigner } from './runLedger.ts';

export type LedgerCheckInput = {
  /** Keys of other machines that may have signed, `name+hash+key`. */
  readonly keys?: readonly string[];
  /** Writes the result on the newest checkpoint, where gardeHome shows it. */
  readonly record: boolean;
};

export type LedgerCheckResult = LedgerReport & {
  /** Key of this machine, for outsiders to pin. */
  readonly verifierKey: string;
  /** EVI-04: without a time-stamp authority it is said. */
  readonly timestamped: false;
};

const parseKeys = (texts: readonly string[]): readonly NoteKey[] =>
  texts.map((text) => {
    const key = parseVerifierKey(text);
    if (key !== undefined) return key;
    throw new GardeError([
      {
        code: 'VerifierKeyUnreadable',
        subject: text.slice(0, 80),
        message: 'This is not a verifier key.',
        actions: ['Give it as `garde ledger verify` printed it: name+hash+key.'],
      },
    ]);
  });

const memoryOf = (salts: readonly LeafSalts[]): LedgerMemory => {
  const ended = salts.flatMap((one) => {
    const checkpoint = one.checkpoint();
    return checkpoint === undefined ? [] : [{ ...checkpoint, salts: one }];
  });
  return {
    checkpoints: ended.map(({ size, root }) => ({ size, root })),
    commitmentsAt: (size) => ended.find((one) => one.size === size)?.salts.commitments(),
  };
};

/** Verifies the org's ledger with this machine's key and memory. Errors: VerifierKeyUnreadable, the org's, the vault's. */
export const checkLedger = async (
  input: LedgerCheckInput,
  ports: { readonly org: Org; readonly vault: Vault; readonly clock: Clock },
): Promise<LedgerCheckResult> => {
  const { org, vault } = ports;
  const { orgId } = await org.identity();
  const own = ledgerSigner(vault, orgId);
  const keys = [own, ...parseKeys(input.keys ?? [])];
  const salts = vault
    .holdings(orgId)
    .filter((holding) => holding.kind === 'ledger-salts')
    .map((holding) => openLeafSalts(vault, holding));
  try {
    const report = await verifyLedger(org, { keys, memory: memoryOf(salts) });
    if (input.record && report.headId !== null) await record(ports, report, report.headId);
    return { ...report, verifierKey: verifierKey(own), timestamped: false };
  } finally {
    for (const one of salts) one.close();
  }
};

const record = async (
  { org, clock }: { readonly org: Org; readonly clock: Clock },
  report: LedgerReport,
  headId: string,
): Promise<void> => {
  const [outcome] = await org.update('GardeCheckpoint__c', [
    { Id: headId, CheckedAt__c: clock.now(), CheckResult__c: report.state === 'verified' ? 'passed' : 'failed' },
  ]);
  if (outcome?.success === true) return;
  throw new GardeError([
    {
      code: 'LedgerRefused',
      subject: 'GardeCheckpoint__c',
      message: 'The org refused to note the result of the verification.',
      actions: ['Assign the permission set GardeAdmin, or verify without recording.'],
    },
  ]);
};
