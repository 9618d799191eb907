import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/** Signed notes of C2SP (https://c2sp.org/signed-note) with Ed25519, and checkpoints (https://c2sp.org/tlog-checkpoint). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519 = 1;

export type NoteKey = { readonly name: string; readonly publicKey: Buffer };
export type NoteSigner = NoteKey & { readonly sign: (text: string) => Buffer };

/** The first four bytes by which a signature names its key; `type` is the signature type of C2SP. */
export const keyId = ({ name, publicKey }: NoteKey, type: number = ED25519): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.concat([Buffer.of(type), publicKey]))
    .digest()
    .subarray(0, 4);

/** A signer from 32 secret bytes. The name has no space and no plus sign. */
export const noteSigner = (name: string, seed: Uint8Array): NoteSigner => {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
  return { name, publicKey, sign: (text) => sign(null, Buffer.from(text), key) };
};

/** `name+hash+key`: what an outsider pins to check signatures. */
export const verifierKey = (key: NoteKey, type: number = ED25519): string =>
  `${key.name}+${keyId(key, type).toString('hex')}+${Buffer.concat([Buffer.of(type), key.publicKey]).toString('base64')}`;

/** A pinned key; undefined when the text is none, its hash does not fit or it is of another signature type. */
export const parseVerifierKey = (text: string, type: number = ED25519): NoteKey | undefined => {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (match === null) return undefined;
  const bytes = Buffer.from(match[3] ?? '', 'base64');
  if (bytes.length !== 33 || bytes[0] !== type) return undefined;
  const key = { name: match[1] ?? '', publicKey: bytes.subarray(1) };
  return keyId(key, type).toString('hex') === match[2] ? key : undefined;
};

/** Does the key sign this text? */
export const verifiesText = ({ publicKey }: NoteKey, text: string, signature: Uint8Array): boolean => {
  const spki = Buffer.concat([PUBLIC_PREFIX, publicKey]);
  return verify(null, Buffer.from(text), createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
};

export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  /** Roots of the perfect subtrees, largest first: enough to append without reading the leaves again. */
  readonly peaks: readonly Buffer[];
};

const PEAKS = 'peaks ';

const checkpointText = ({ origin, size, root, peaks }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n${PEAKS}${peaks.map((peak) => peak.toString('base64')).join(' ')}\n`;

/** One line that a key signs a note with. */
export const signatureLine = (name: string, id: Uint8Array, signature: Uint8Array): string =>
  `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;

/** The checkpoint as a signed note. */
export const signCheckpoint = (checkpoint: Checkpoint, signer: NoteSigner): string => {
  const text = checkpointText(checkpoint);
  return `${text}\n${signatureLine(signer.name, keyId(signer), signer.sign(text))}`;
};

export type NoteSignature = { readonly name: string; readonly id: Buffer; readonly signature: Buffer };
export type NoteParts = { readonly text: string; readonly signatures: readonly NoteSignature[] };

const signatureOf = (line: string): readonly NoteSignature[] => {
  const match = /^— ([^+\s]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line);
  const bytes = Buffer.from(match?.[2] ?? '', 'base64');
  if (match === null || bytes.length < 5) return [];
  return [{ name: match[1] ?? '', id: bytes.subarray(0, 4), signature: bytes.subarray(4) }];
};

/** The specification forbids them in a note. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

/**
 * Text and signatures of a note; undefined when it is none. The platform's long text gives line ends as CR LF and drops
 * the last one: both are put right first.
 */
export const noteParts = (note: string): NoteParts | undefined => {
  const normal = note.replaceAll('\r\n', '\n').trimEnd();
  const end = normal.lastIndexOf('\n\n');
  if (end < 0 || CONTROL.test(normal)) return undefined;
  return {
    text: normal.slice(0, end + 1),
    signatures: normal
      .slice(end + 2)
      .split('\n')
      .flatMap(signatureOf),
  };
};

export type ParsedNote = {
  readonly checkpoint: Checkpoint;
  /** By which of the given keys it is rightly signed; undefined = by none, or one of theirs is wrong. */
  readonly signedBy: NoteKey | undefined;
};

const signedBy = ({ text, signatures }: NoteParts, keys: readonly NoteKey[]): NoteKey | undefined => {
  const known = signatures.flatMap((one) =>
    keys
      .filter((key) => key.name === one.name && keyId(key).equals(one.id))
      .map((key) => ({ key, isRight: verifiesText(key, text, one.signature) })),
  );
  return known.every((one) => one.isRight) ? known[0]?.key : undefined;
};

const isSize = (text: string): boolean => /^(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text));
const HASH = /^[A-Za-z0-9+/]{43}=$/;

/** Reads the text of a checkpoint; undefined when it is none. */
export const parseCheckpointText = (text: string): Checkpoint | undefined => {
  const lines = text.split('\n').slice(0, -1);
  const [origin = '', size = '', root = '', ...extensions] = lines;
  if (lines.includes('') || !isSize(size) || !HASH.test(root)) return undefined;
  const peaks = extensions.find((line) => line.startsWith(PEAKS))?.slice(PEAKS.length) ?? '';
  const hashes = peaks === '' ? [] : peaks.split(' ');
  if (!hashes.every((one) => HASH.test(one))) return undefined;
  const hash = (encoded: string): Buffer => Buffer.from(encoded, 'base64');
  return { origin, size: Number(size), root: hash(root), peaks: hashes.map(hash) };
};

/** Reads a signed checkpoint; undefined when it is none. */
export const parseNote = (note: string, keys: readonly NoteKey[]): ParsedNote | undefined => {
  const parts = noteParts(note);
  const checkpoint = parts === undefined ? undefined : parseCheckpointText(parts.text);
  if (parts === undefined || checkpoint === undefined) return undefined;
  return { checkpoint, signedBy: signedBy(parts, keys) };
};
