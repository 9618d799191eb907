import { createHash } from 'node:crypto';
import { z } from 'zod';
import { GardeError } from '../../kernel/result.ts';
import { parseRecordId, type RecordId } from '../../kernel/recordId.ts';
import { soqlString } from '../../kernel/soql.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { OperationDefinition, OperationPorts, Settled, StepAnswer } from './contract.ts';
import { allReady } from './recycling.ts';
import { shapeProblems, stepProblem } from './stepShape.ts';
import { plainValue } from './values.ts';

const KNOWN = { inverses: ['delete', 'restore-values', 'none'], settles: ['file-version'] } as const;

type FilePart = NonNullable<NonNullable<PlanStep['payload']>['file']>;

const fileOf = (step: PlanStep): FilePart => {
  const file = step.payload?.file;
  if (file === undefined) throw new RangeError('a step that uploads brings a file');
  return file;
};

/** The vault, which a run with files, archives or letters must have. */
export const vaultOf = (ports: OperationPorts): NonNullable<OperationPorts['vault']> => {
  if (ports.vault !== undefined) return ports.vault;
  throw new GardeError([
    {
      code: 'StepNeedsVault',
      subject: 'vault',
      message: 'A step of this plan reads or makes sealed files, and this run has no vault.',
      actions: ['Apply the plan with `sf garde plan apply` on the machine that planned it.'],
    },
  ]);
};

const bytesOf = async (ports: OperationPorts, step: PlanStep): Promise<Uint8Array> =>
  ports.sealedFile?.(step) ?? (await vaultOf(ports).open(fileOf(step).holding));

type Version = { readonly id: string; readonly documentId: string; readonly title: string; readonly checksum: string };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

async function* query(ports: OperationPorts, soql: string): AsyncGenerator<Version> {
  for await (const row of ports.org.query(soql)) {
    yield {
      id: textOf(row['Id']),
      documentId: textOf(row['ContentDocumentId']),
      title: textOf(plainValue(row, 'Title')),
      checksum: textOf(plainValue(row, 'Checksum')),
    };
  }
}

const COLUMNS = 'SELECT Id, ContentDocumentId, Title, Checksum FROM ContentVersion';

/** Newest versions of the document, or of the documents first published at the record. */
const versionsAt = async (ports: OperationPorts, file: FilePart): Promise<readonly Version[]> => {
  const where =
    file.versionOf === undefined
      ? `FirstPublishLocationId = ${soqlString(file.linkTo ?? '')} AND Title = ${soqlString(file.title)}`
      : `ContentDocumentId = ${soqlString(file.versionOf)}`;
  const found: Version[] = [];
  for await (const version of query(ports, `${COLUMNS} WHERE ${where} ORDER BY Id`)) found.push(version);
  return found;
};

const checksumOf = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

const memoryShape = z.record(z.string(), z.array(z.string()));

/** The versions that were there before the call, by step. */
const prepare: NonNullable<OperationDefinition['prepare']> = async (ports, { steps }) => {
  const known: Record<string, readonly string[]> = {};
  for (const step of steps) known[step.key] = (await versionsAt(ports, fileOf(step))).map((version) => version.id);
  return JSON.stringify(known);
};

const placeOf = (text: string): RecordId => {
  const id = parseRecordId(text);
  if (id === undefined) throw new RangeError('a file goes to a record');
  return id;
};

const send: OperationDefinition['send'] = async (ports, { steps }) => {
  const answers: StepAnswer[] = [];
  for (const step of steps) {
    const { title, fileName, linkTo, versionOf } = fileOf(step);
    const place = {
      ...(linkTo === undefined ? {} : { linkTo: placeOf(linkTo) }),
      ...(versionOf === undefined ? {} : { versionOf: placeOf(versionOf) }),
    };
    const id = await ports.org.uploadFile({ title, fileName, bytes: await bytesOf(ports, step), ...place });
    answers.push({ id, success: true, created: versionOf === undefined, errors: [] });
  }
  return answers;
};

const settleOne = async (
  ports: OperationPorts,
  step: PlanStep,
  known: readonly string[],
): Promise<Settled | undefined> => {
  const checksum = checksumOf(await bytesOf(ports, step));
  const made = (await versionsAt(ports, fileOf(step))).find(
    (version) => version.checksum === checksum && !known.includes(version.id),
  );
  return made === undefined ? undefined : { id: made.documentId };
};

const settle: OperationDefinition['settle'] = async (ports, { steps, memory }) => {
  const known = memory === null ? {} : memoryShape.parse(JSON.parse(memory));
  const settled = new Map<string, Settled>();
  for (const step of steps) {
    const found = await settleOne(ports, step, known[step.key] ?? []);
    if (found !== undefined) settled.set(step.key, found);
  }
  return settled;
};

const readBack: OperationDefinition['readBack'] = async (ports, { object, steps }) => {
  const differences = [];
  for (const step of steps) {
    const checksum = checksumOf(await bytesOf(ports, step));
    const isThere = (await versionsAt(ports, fileOf(step))).some((version) => version.checksum === checksum);
    if (!isThere) differences.push({ key: step.key, object, code: 'FILE_DIFFERS', fields: [] });
  }
  return differences;
};

/**
 * A file linked to a record, or a new version of a document; its bytes lie in a holding. One request a file, and one to
 * learn the document's id. Settled by title and checksum (ContentVersion.Checksum is the MD5 of the bytes:
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentversion.htm)
 * among versions that were not there before the call. Its limit: the same bytes under the same title uploaded by
 * somebody else at the same record in between are taken for the run's.
 */
export const uploadFileOperation: OperationDefinition = {
  operation: 'uploadFile',
  ...KNOWN,
  doneAs: () => 'done',
  kind: () => 'multipart',
  groupOf: () => '',
  units: () => 1,
  unitsPerCall: () => 1,
  problemsOf: (step) => {
    const file = step.payload?.file;
    const isPlaced = file === undefined || (file.linkTo === undefined) !== (file.versionOf === undefined);
    return [
      ...shapeProblems(step, { needs: ['file'], record: 'either' }, KNOWN),
      ...(isPlaced
        ? []
        : [stepProblem(step, 'payload.file', 'A file is new or a version.', 'Give either linkTo or versionOf.')]),
    ];
  },
  cost: (steps) => ({ mutation: 2 * steps, check: steps, readBack: steps }),
  check: allReady,
  prepare,
  send,
  settle,
  readBack,
};
