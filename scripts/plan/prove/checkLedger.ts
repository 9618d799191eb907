import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { GardeError } from '../../kernel/result.ts';
import { openLeafSalts, type LeafSalts } from '../../evidence/leafSalts.ts';
import type { CheckpointRow } from '../../evidence/ledgerRecords.ts';
import { parseVerifierKey, verifierKey, type NoteKey } from '../../evidence/signedNote.ts';
import { checkStamp } from '../../evidence/stampCheckpoint.ts';
import { verifyLedger, type LedgerFault, type LedgerMemory, type LedgerReport } from '../../evidence/verifyLedger.ts';
import type { Org } from '../../org/port.ts';
import type { Vault } from '../../vault/port.ts';
import { approvalFaults } from './ledgerApprovals.ts';
import { checkWitnesses, type Witnessed, type Witnesses } from './ledgerWitnesses.ts';
import { ledgerName, ledgerSigner } from './runLedger.ts';

export type LedgerCheckInput = {
  /** Keys of other machines that may have signed, `name+hash+key`. */
  readonly keys?: readonly string[];
  /** Writes the result on the newest checkpoint, where gardeHome shows it. */
  readonly record: boolean;
  readonly witnesses?: Witnesses;
  /** Certificates of the time-stamp authorities that are trusted. */
  readonly timestampRoots?: readonly X509Certificate[];
};

export type LedgerCheckResult = LedgerReport & {
  /** Key of this machine, for outsiders to pin. */
  readonly verifierKey: string;
  /** EVI-04: whether a third party time-stamped the newest checkpoint, as far as it could be verified here. */
  readonly timestamped: boolean;
  /** Newest time-stamp that verifies and the leaves it covers. */
  readonly timestamp: { readonly at: string; readonly size: number } | null;
  /** Time-stamps that nobody could verify here: the charter names no authority. */
  readonly timestampsUnchecked: number;
  readonly witnessed: readonly Witnessed[];
};

export const parseKeys = (texts: readonly string[]): readonly NoteKey[] =>
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

type EndedRun = { readonly salts: LeafSalts; readonly size: number; readonly root: string };

const memoryOf = (ended: readonly EndedRun[]): LedgerMemory => ({
  checkpoints: ended.map(({ size, root }) => ({ size, root })),
  commitmentsAt: (size) => ended.find((one) => one.size === size)?.salts.commitments(),
});

/** Gathers, checkpoint by checkpoint, what witnesses and time-stamp authorities are compared with. */
const createGathering = (roots: readonly X509Certificate[]) => {
  const sizes = new Map<number, string>();
  const faults: LedgerFault[] = [];
  let timestamp: LedgerCheckResult['timestamp'] = null;
  let unchecked = 0;
  return {
    ...{ sizes, faults },
    see: (row: CheckpointRow): void => {
      sizes.set(row.TreeSize__c, row.RootHash__c);
      if (row.TimestampToken__c !== null && roots.length === 0) unchecked += 1;
      if (roots.length === 0) return;
      const check = checkStamp(row, roots);
      if (check?.ok === true) timestamp = { at: check.at, size: row.TreeSize__c };
      else if (check !== undefined) {
        faults.push({
          code: 'TimestampInvalid',
          treeSize: row.TreeSize__c,
          run: row.Run__r?.RunKey__c ?? null,
          leaf: null,
        });
      }
    },
    stamps: () => ({ timestamp, unchecked }),
  };
};

/** Runs of this machine that ended in a checkpoint, with what opens their leaves. Close what is returned. */
export const openRunSalts = (vault: Vault, orgId: string): readonly LeafSalts[] =>
  vault
    .holdings(orgId)
    .filter((holding) => holding.kind === 'ledger-salts')
    .map((holding) => openLeafSalts(vault, holding));

export const endedRuns = (salts: readonly LeafSalts[]): readonly EndedRun[] =>
  salts.flatMap((one) => {
    const checkpoint = one.checkpoint();
    return checkpoint === undefined ? [] : [{ ...checkpoint, salts: one }];
  });

/**
 * Verifies the org's ledger with this machine's key and memory, what witnesses saw, the time-stamps and the approvals of
 * each run. Errors: VerifierKeyUnreadable, the org's, the vault's.
 */
export const checkLedger = async (
  input: LedgerCheckInput,
  ports: { readonly org: Org; readonly vault: Vault; readonly clock: Clock },
): Promise<LedgerCheckResult> => {
  const { org, vault } = ports;
  const { orgId } = await org.identity();
  const own = ledgerSigner(vault, orgId);
  const keys = [own, ...parseKeys(input.keys ?? [])];
  const salts = openRunSalts(vault, orgId);
  const gathering = createGathering(input.timestampRoots ?? []);
  try {
    const ended = endedRuns(salts);
    const walked = await verifyLedger(org, { keys, memory: memoryOf(ended), see: gathering.see });
    const outside = checkWitnesses(input.witnesses ?? { keys: [], notes: [] }, ledgerName(orgId), gathering.sizes);
    const more = [...gathering.faults, ...outside.faults, ...(await approvalFaults(org, ended))];
    const report = { ...walked, faults: [...walked.faults, ...more] };
    if (more.length > 0) report.state = 'failed';
    if (input.record && report.headId !== null) await record(ports, report, outside.witnessed);
    const { timestamp, unchecked } = gathering.stamps();
    return {
      ...report,
      verifierKey: verifierKey(own),
      timestamped: timestamp !== null && timestamp.size === report.leaves,
      timestamp,
      timestampsUnchecked: unchecked,
      witnessed: outside.witnessed,
    };
  } finally {
    for (const one of salts) one.close();
  }
};

const record = async (
  { org, clock }: { readonly org: Org; readonly clock: Clock },
  report: LedgerReport,
  witnessed: readonly Witnessed[],
): Promise<void> => {
  const seen = witnessed.filter(({ size }) => size === report.leaves).map(({ at }) => at);
  const [outcome] = await org.update('GardeCheckpoint__c', [
    {
      Id: report.headId ?? '',
      CheckedAt__c: clock.now(),
      CheckResult__c: report.state === 'verified' ? 'passed' : 'failed',
      ...(seen.length === 0 ? {} : { WitnessedAt__c: seen.sort().at(-1) ?? null }),
    },
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
