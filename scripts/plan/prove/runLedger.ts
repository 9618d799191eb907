import { z } from 'zod';
import type { Clock, Random } from '../../kernel/clock.ts';
import { sha256Hex } from '../../kernel/hash.ts';
import type { RecordId } from '../../kernel/recordId.ts';
import { soqlString } from '../../kernel/soql.ts';
import { appendLedger, type AppendedCheckpoint } from '../../evidence/appendLedger.ts';
import { leafFileText } from '../../evidence/leafFile.ts';
import { isBlank, openLeafSalts, sealEntries, type LeafSalts, type LedgerEntry } from '../../evidence/leafSalts.ts';
import { noteSigner, type NoteKey, type NoteSigner } from '../../evidence/signedNote.ts';
import type { PlanHeader } from '../../model/plan.ts';
import type { Org } from '../../org/port.ts';
import type { EncryptedStore, Vault } from '../../vault/port.ts';
import { approvalEntry, signedApprovals } from './ledgerApprovals.ts';
import type { Journal } from '../apply/journal.ts';
import { insist, type Wait } from '../apply/ownRecords.ts';
import { readSteps, type PlacedStep } from '../file/planStore.ts';
import { journaledCall, type CrashPoint } from '../apply/runCalls.ts';
import type { StepEnds } from '../apply/stepEnds.ts';
import { writeRun, type RunRecord } from '../apply/runLock.ts';

export type LedgerPorts = {
  readonly org: Org;
  readonly vault: Pick<Vault, 'createStore' | 'openStore' | 'holdings' | 'deriveKey' | 'remove'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly plan: EncryptedStore;
  readonly ends: StepEnds;
  /** Keys of other machines whose checkpoints are built on. */
  readonly trusted?: readonly NoteKey[];
  readonly crashPoint?: CrashPoint;
  readonly wait?: Wait;
};

export const ledgerName = (orgId: string): string => `garde-ledger/${orgId}`;

/** The key that signs an org's checkpoints on this machine. */
export const ledgerSigner = (vault: Pick<Vault, 'deriveKey'>, orgId: string): NoteSigner =>
  noteSigner(ledgerName(orgId), vault.deriveKey(orgId, 'ledger-signing'));

const STEPS_AT_ONCE = 1000;

function* stepEntries(ports: LedgerPorts, group: readonly PlacedStep[]): Iterable<LedgerEntry> {
  const ends = ports.ends.of(group);
  for (const [at, { step }] of group.entries()) {
    const { object, operation, recordId, rule, subject } = step;
    const found = ends[at];
    const outcome = found?.outcome ?? 'not-begun';
    yield { kind: 'step', subject, content: { code: found?.code ?? null, object, operation, outcome, recordId, rule } };
  }
}

type Ending = LedgerEnd & { readonly approvals: LedgerEntry };

/** Leaves for the run and what it was bound to, for its approvals, for each step with what came of it, for the end. */
function* entriesOf(ports: LedgerPorts, run: RunRecord, header: PlanHeader, end: Ending): Iterable<LedgerEntry> {
  const { charterDigest, packs, ruleSets, asOf, toolVersion, completeness } = header.terms;
  const bound = { plan: header.digest, charterDigest, packs, ruleSets, asOf, toolVersion, completeness };
  yield { kind: 'run', subject: null, content: { run: run.runKey, ...bound } };
  yield end.approvals;
  let group: PlacedStep[] = [];
  for (const stored of readSteps(ports.plan)) {
    group.push(stored);
    if (group.length < STEPS_AT_ONCE) continue;
    yield* stepEntries(ports, group);
    group = [];
  }
  yield* stepEntries(ports, group);
  const reasons = header.terms.reasons.map(({ rule, verdict, code, count }) => ({ rule, verdict, code, count }));
  yield { kind: 'run', subject: null, content: { state: end.state, considered: header.terms.considered, reasons } };
}

/** What a sealing that was killed left behind: known by its journal, or blank. */
const removeUnfinished = ({ vault, journal }: LedgerPorts, orgId: string): void => {
  const begun = journal.get(BEGUN);
  for (const holding of vault.holdings(orgId).filter((one) => one.kind === 'ledger-salts')) {
    if (holding.id === begun || isBlank(vault, holding)) vault.remove(holding.id);
  }
};
/** Name under which the journal keeps the holding that is being sealed. */
const BEGUN = 'salts begun';

/** `salts` names the sealed entries once they are whole; an interrupted sealing is begun anew. */
const saltsOf = async (ports: LedgerPorts, run: RunRecord, header: PlanHeader, end: LedgerEnd): Promise<LeafSalts> => {
  const { orgId } = header.terms;
  const known = ports.journal.get('salts');
  const holding = ports.vault.holdings(orgId).find((one) => one.id === known);
  if (holding !== undefined) return openLeafSalts(ports.vault, holding);
  removeUnfinished(ports, orgId);
  const now = ports.clock.now();
  const approvals = await approvalEntry(ports.org, header.digest, now, signedApprovals(ports.journal));
  const sealed = sealEntries(
    {
      ...{ vault: ports.vault, random: ports.random, now },
      begun: (holdingId) => {
        ports.journal.set(BEGUN, holdingId);
      },
    },
    orgId,
    entriesOf(ports, run, header, { ...end, approvals }),
  );
  ports.journal.set('salts', sealed.holdingId);
  return sealed;
};

const linkRow = z.object({ ContentDocumentId: z.string() });
/** Without an extension: where it is given the platform may cut it off. */
const LEAF_TITLE = 'leaves';

/** The settle probe of the upload: a leaf file that hangs off the run already. */
const existingFile = async (org: Org, runId: string): Promise<string | undefined> => {
  const soql = `SELECT ContentDocumentId FROM ContentDocumentLink WHERE LinkedEntityId = ${soqlString(runId)}
    AND ContentDocument.Title = ${soqlString(LEAF_TITLE)}`;
  for await (const row of org.query(soql)) return linkRow.parse(row).ContentDocumentId;
  return undefined;
};

const uploadLeaves = (ports: LedgerPorts, run: RunRecord, bytes: Buffer): Promise<string> =>
  insist(async () => {
    const existing = await existingFile(ports.org, run.id);
    if (existing !== undefined) return existing;
    const file = { title: LEAF_TITLE, fileName: `${LEAF_TITLE}.ndjson`, bytes, linkTo: run.id as RecordId };
    return journaledCall(
      ports,
      { operation: 'uploadFile', object: 'ContentVersion', steps: [] },
      () => ports.org.uploadFile(file),
      () => [],
    );
  }, ports.wait);

export type LedgerEnd = { readonly state: string };

/**
 * Ends a run in the ledger: seals what each leaf commits to, hangs the leaf file on the run's record, and appends a
 * checkpoint. Each part is asked for before it is made, so that a killed ending is ended once.
 */
export const writeRunLedger = async (
  ports: LedgerPorts,
  run: RunRecord,
  header: PlanHeader,
  end: LedgerEnd,
): Promise<AppendedCheckpoint & { readonly leaves: number; readonly leafFileHash: string }> => {
  const salts = await saltsOf(ports, run, header, end);
  try {
    const bytes = Buffer.from(leafFileText(salts.commitments()));
    const leafFileHash = sha256Hex(bytes);
    const documentId = await uploadLeaves(ports, run, bytes);
    await writeRun(ports, run, { LeafDocumentId__c: documentId, LeafFileHash__c: leafFileHash });
    const append = {
      ...{ runRecordId: run.id, commitments: () => salts.commitments(), trusted: ports.trusted ?? [] },
      signer: ledgerSigner(ports.vault, header.terms.orgId),
    };
    const appendOnce = (): Promise<AppendedCheckpoint> =>
      journaledCall(
        ports,
        { operation: 'create', object: 'GardeCheckpoint__c', steps: [] },
        () => appendLedger(ports.org, append),
        () => [],
      );
    const appended = await insist(appendOnce, ports.wait);
    salts.setCheckpoint(appended.size, appended.root);
    return { ...appended, leaves: salts.count(), leafFileHash };
  } finally {
    salts.close();
  }
};
