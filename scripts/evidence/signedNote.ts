import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/** Signed notes of C2SP (https://c2sp.org/signed-note) with Ed25519, and checkpoints (https://c2sp.org/tlog-checkpoint). */
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ED25519 = 1;

export type NoteKey = { readonly name: string; readonly publicKey: Buffer };
export type NoteSigner = NoteKey & { readonly sign: (text: string) => Buffer };

const keyHash = ({ name, publicKey }: NoteKey): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.concat([Buffer.of(ED25519), publicKey]))
    .digest()
    .subarray(0, 4);

/** A signer from 32 secret bytes. The name has no space and no plus sign. */
export const noteSigner = (name: string, seed: Uint8Array): NoteSigner => {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
  return { name, publicKey, sign: (text) => sign(null, Buffer.from(text), key) };
};

/** `name+hash+key`: what an outsider pins to check signatures. */
export const verifierKey = (key: NoteKey): string =>
  `${key.name}+${keyHash(key).toString('hex')}+${Buffer.concat([Buffer.of(ED25519), key.publicKey]).toString('base64')}`;

/** A pinned key; undefined when the text is none or its hash does not fit. */
export const parseVerifierKey = (text: string): NoteKey | undefined => {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  if (match === null) return undefined;
  const bytes = Buffer.from(match[3] ?? '', 'base64');
  if (bytes.length !== 33 || bytes[0] !== ED25519) return undefined;
  const key = { name: match[1] ?? '', publicKey: bytes.subarray(1) };
  return keyHash(key).toString('hex') === match[2] ? key : undefined;
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

/** The checkpoint as a signed note. */
export const signCheckpoint = (checkpoint: Checkpoint, signer: NoteSigner): string => {
  const text = checkpointText(checkpoint);
  const signature = Buffer.concat([keyHash(signer), signer.sign(text)]).toString('base64');
  return `${text}\n— ${signer.name} ${signature}\n`;
};

export type ParsedNote = {
  readonly checkpoint: Checkpoint;
  /** By which of the given keys it is rightly signed; undefined = by none. */
  readonly signedBy: NoteKey | undefined;
};

const signedBy = (text: string, lines: readonly string[], keys: readonly NoteKey[]): NoteKey | undefined =>
  keys.find((key) =>
    lines.some((line) => {
      const [dash, name, encoded = ''] = line.split(' ');
      const bytes = Buffer.from(encoded, 'base64');
      if (dash !== '—' || name !== key.name || !bytes.subarray(0, 4).equals(keyHash(key))) return false;
      const publicKey = createPublicKey({
        key: Buffer.concat([PUBLIC_PREFIX, key.publicKey]),
        format: 'der',
        type: 'spki',
      });
      return verify(null, Buffer.from(text), publicKey, bytes.subarray(4));
    }),
  );

/** Reads a signed checkpoint; undefined when it is none. */
export const parseNote = (note: string, keys: readonly NoteKey[]): ParsedNote | undefined => {
  const normal = note.replaceAll('\r\n', '\n');
  const end = normal.indexOf('\n\n');
  const text = normal.slice(0, end + 1);
  const [origin = '', size = '', root = '', ...extensions] = text.split('\n');
  if (end < 0 || origin === '' || !/^\d+$/.test(size) || !Number.isSafeInteger(Number(size))) return undefined;
  const peaks = extensions.find((line) => line.startsWith(PEAKS))?.slice(PEAKS.length) ?? '';
  const hash = (encoded: string): Buffer => Buffer.from(encoded, 'base64');
  return {
    checkpoint: {
      origin,
      size: Number(size),
      root: hash(root),
      peaks: peaks === '' ? [] : peaks.split(' ').map(hash),
    },
    signedBy: signedBy(text, normal.slice(end + 2).split('\n'), keys),
  };
};
