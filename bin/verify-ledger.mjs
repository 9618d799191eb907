#!/usr/bin/env node
/*
 * Verifies what `sf garde ledger export` wrote, or the proof beside a certificate, on any machine with Node 22 and
 * nothing else. Written apart from Garde's own code, to be read in one sitting; docs/LEDGER.md describes the file.
 *
 *   node verify-ledger.mjs FILE [--key VKEY]... [--witness VKEY]... [--note FILE]... [--tsa ROOTS.pem] [--certificate FILE]
 *
 * --key        the ledger's verifier key, got from elsewhere than FILE; without it only FILE's own claim is checked
 * --witness    key of a witness whose cosignature must be on a checkpoint
 * --note       a checkpoint seen before (a signed note, or another export): must be part of this ledger
 * --tsa        certificates (PEM) of the time-stamp authorities that are trusted
 * --certificate  the HTML certificate that one of the checkpoints names
 * Exit code: 0 all that was asked for verifies, 1 something does not, 2 FILE cannot be read.
 */
import { createHash, createHmac, createPublicKey, hash, verify, X509Certificate } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const [faults, verified, unverified, opened] = [[], [], [], []];
const fault = (where, what) => faults.push(`${where}: ${what}`);
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

// --- Merkle tree: RFC 6962, 2.1; proofs by RFC 9162, 2.1.3.2 and 2.1.4.2 ---
const leafHash = (commitment) => sha256(Buffer.of(0), Buffer.from(commitment, 'hex'));
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const peaks = [];
let size = 0;
const append = (leaf) => {
  let node = leaf;
  for (let n = size; n % 2 === 1; n = (n - 1) / 2) node = nodeHash(peaks.pop(), node);
  peaks.push(node);
  size += 1;
};
const currentRoot = () =>
  peaks.length === 0 ? sha256() : peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), peaks.at(-1));

const half = (n) => Math.floor(n / 2);
const climb = (fn, sn, proof, fromLeft, fromRight) => {
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fromLeft(sibling);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else fromRight(sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0;
};
const isIncluded = (index, leaf, tree, proof) => {
  let node = leaf;
  const fromLeft = (s) => (node = nodeHash(s, node));
  const fromRight = (s) => (node = nodeHash(node, s));
  return index < tree.size && climb(index, tree.size - 1, proof, fromLeft, fromRight) && node.equals(tree.root);
};
const isBeginning = (older, newer, proof) => {
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size < 1 || older.size > newer.size || proof.length === 0) return false;
  const path = Number.isInteger(Math.log2(older.size)) ? [older.root, ...proof] : [...proof];
  let [fn, sn] = [older.size - 1, newer.size - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [a, b] = [path[0], path[0]];
  const fromLeft = (s) => ([a, b] = [nodeHash(s, a), nodeHash(s, b)]);
  const isWhole = climb(fn, sn, path.slice(1), fromLeft, (s) => (b = nodeHash(b, s)));
  return isWhole && a.equals(older.root) && b.equals(newer.root);
};

// --- Signed notes and checkpoints: https://c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature ---
const readKey = (vkey, type) => {
  const [, name, id, encoded = ''] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey.trim()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const right = sha256(Buffer.from(`${name}\n`), bytes)
    .subarray(0, 4)
    .toString('hex');
  if (bytes.length !== 33 || bytes[0] !== type || id !== right) return fail(`this is no verifier key: ${vkey}`);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)]);
  return { name, id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
};
const readNote = (note) => {
  const normal = note.replaceAll('\r\n', '\n').trimEnd();
  const end = normal.lastIndexOf('\n\n');
  const text = normal.slice(0, end + 1);
  const [origin, count, root] = text.split('\n');
  if (end < 0 || !/^(0|[1-9]\d*)$/.test(count ?? '') || !/^[A-Za-z0-9+/]{43}=$/.test(root ?? '')) return undefined;
  const signatures = [...normal.slice(end + 2).matchAll(/^— (\S+) (\S+)$/gm)].map(([, name, encoded]) => {
    const bytes = Buffer.from(encoded, 'base64');
    return { name, id: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
  });
  return { text, origin, size: Number(count), root: Buffer.from(root, 'base64'), signatures };
};
const signatureOf = (note, { name, id }) =>
  note.signatures.find((one) => one.name === name && one.id === id)?.signature;
const isSignedBy = (note, key) => verify(null, note.text, key.key, signatureOf(note, key) ?? Buffer.alloc(64));
const cosignedAt = (note, key) => {
  const signature = signatureOf(note, key);
  if (signature?.length !== 72) return undefined;
  const time = signature.readBigUInt64BE();
  const isRight = verify(null, `cosignature/v1\ntime ${time}\n${note.text}`, key.key, signature.subarray(8));
  return isRight ? new Date(Number(time) * 1000).toISOString() : undefined;
};

// --- Time-stamps: RFC 3161 in a CMS of RFC 5652, strict DER ---
const der = (bytes, at = 0) => {
  let [length, start] = [bytes[at + 1], at + 2];
  if (length > 0x84 || length === 0x80) throw new Error('not DER');
  if (length > 0x80) {
    start += length - 0x80;
    length = bytes.readUIntBE(at + 2, length - 0x80);
  }
  if (!(start + length <= bytes.length)) throw new Error('DER is cut');
  return { tag: bytes[at], content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) };
};
const children = ({ content }) => {
  const found = [];
  for (let at = 0; at < content.length; at += found.at(-1).whole.length) found.push(der(content, at));
  return found;
};
const TST_INFO = '060b2a864886f70d0109100104';
const [CONTENT_TYPE, DIGEST] = ['06092a864886f70d010903', '06092a864886f70d010904'];
const [CERTIFICATE, CERTIFICATE_V2] = ['060b2a864886f70d010910020c', '060b2a864886f70d010910022f'];
const EKU = Buffer.from('0603551d250101ff040c300a06082b06010505070308', 'hex'); // critical, timeStamping and no other
const SHA2 = '06096086480165030402';
const HASHES = { [`${SHA2}01`]: 'sha256', [`${SHA2}02`]: 'sha384', [`${SHA2}03`]: 'sha512' };
const hashOf = (algorithm) => HASHES[children(algorithm)[0].whole.toString('hex')] ?? 'unknown to this verifier';
const attribute = (attributes, oid) => {
  const found = attributes.map(children).find(([name]) => name.whole.toString('hex') === oid);
  return found === undefined ? undefined : children(found[1])[0];
};
const isTrusted = (leaf, pool, roots, at) => {
  let certificate = leaf;
  for (let depth = 0; depth < 8; depth += 1) {
    if (at < new Date(certificate.validFrom) || at > new Date(certificate.validTo)) return false;
    if (roots.some((root) => root.raw.equals(certificate.raw))) return true;
    const child = certificate;
    certificate = [...roots, ...pool].find((one) => one.ca && child.checkIssued(one) && child.verify(one.publicKey));
    if (certificate === undefined) return false;
  }
  return false;
};
const need = (holds, otherwise) => {
  if (!holds) throw new Error(otherwise);
};
/** The time a token says, when imprint, signature, certificate and chain are right; throws what is not. */
const stampedAt = (token, text, roots) => {
  const signedData = children(children(children(der(token))[1])[0]);
  const [type, wrapped] = children(signedData[2]);
  const info = children(wrapped)[0].content;
  const fields = children(der(info));
  const [algorithm, imprint] = children(fields[2]);
  need(type.whole.toString('hex') === TST_INFO, 'this is no time-stamp');
  need(hash(hashOf(algorithm), text, 'buffer').equals(imprint.content), 'it is over something else');
  const [, y, m, d, h, i, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d+)?)Z$/.exec(fields[4].content.toString());
  const at = new Date(`${y}-${m}-${d}T${h}:${i}:${s}Z`);
  const pool = children(signedData.find((one) => one.tag === 0xa0)).map((one) => new X509Certificate(one.whole));
  const [signer, ...more] = children(signedData.at(-1)).map(children);
  need(more.length === 0, 'it has more than one signer');
  const digestName = hashOf(signer[2]);
  const attributes = children(signer[3]);
  const digest = attribute(attributes, DIGEST);
  need(digest?.content.equals(hash(digestName, info, 'buffer')), 'its content was altered');
  need(attribute(attributes, CONTENT_TYPE)?.whole.toString('hex') === TST_INFO, 'it was signed for another use');
  const named = attribute(attributes, CERTIFICATE_V2) ?? attribute(attributes, CERTIFICATE);
  need(named, 'it does not name its certificate');
  const parts = children(children(children(named)[0])[0]);
  const explicit = parts[0].tag === 0x30;
  const certHash = explicit ? hashOf(parts[0]) : attribute(attributes, CERTIFICATE_V2) ? 'sha256' : 'sha1';
  const certificate = pool.find((one) => hash(certHash, one.raw, 'buffer').equals(parts[explicit ? 1 : 0].content));
  const signed = Buffer.concat([Buffer.of(0x31), signer[3].whole.subarray(1)]);
  need(certificate && verify(digestName, signed, certificate.publicKey, signer[5].content), 'its signature is wrong');
  need(certificate.raw.includes(EKU), 'its certificate is not one for time-stamps alone');
  need(isTrusted(certificate, pool, roots, at), 'its certificate leads to none of the trusted ones');
  return at.toISOString();
};

// --- The file ---
const fail = (message) => {
  console.error(message);
  process.exit(2);
};
const list = { type: 'string', multiple: true, default: [] };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { key: list, witness: list, note: list, tsa: list, certificate: list },
});
if (positionals.length !== 1) fail('usage: node verify-ledger.mjs FILE; the options stand at the top of this file');
const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
const pems = values.tsa.flatMap(
  (path) => readFileSync(path, 'utf8').match(pem) ?? fail(`${path}: no certificate in PEM`),
);
const roots = pems.map((text) => new X509Certificate(text));
const witnesses = values.witness.map((text) => readKey(text, 4));
const certificates = new Map(values.certificate.map((path) => [sha256(readFileSync(path)).toString('hex'), path]));

let header;
let last;
let keys = [];
let [lines, counted, entries, consistencies] = [0, -1, 0, 0];
const checkpoints = new Map();
let stamped = false;
const seen = new Map(witnesses.map((key) => [key.name, undefined]));

const takeCosignatures = (note) => {
  for (const key of witnesses) {
    const at = cosignedAt(note, key);
    if (at !== undefined && (seen.get(key.name)?.size ?? -1) < note.size) seen.set(key.name, { at, size: note.size });
  }
};
const takeStamp = (where, token, note) => {
  if (token === null) return undefined;
  if (roots.length === 0) return unverified.push(`${where}: has a time-stamp; give --tsa to verify it`);
  try {
    stamped = true;
    verified.push(
      `${where}: existed on ${stampedAt(Buffer.from(token, 'base64'), note.text, roots)}, says a time-stamp authority`,
    );
  } catch (error) {
    fault(where, `the time-stamp does not verify: ${error.message}`);
  }
};
const takeCheckpoint = (line) => {
  const note = readNote(line.checkpoint);
  if (note === undefined) return fault(`line ${lines}`, 'this checkpoint cannot be read');
  const where = `checkpoint of ${note.size} leaves`;
  if (note.origin !== header.origin) fault(where, `belongs to another ledger: ${note.origin}`);
  if (!keys.some((key) => isSignedBy(note, key))) fault(where, 'is signed by none of the keys');
  if (last !== undefined && note.size < last.size) fault(where, 'comes after a larger one: forked or reordered');
  if (header.garde === 'ledger' && (size !== note.size || !currentRoot().equals(note.root)))
    fault(
      where,
      `does not fit the ${size} leaves before it: altered, deleted, inserted or forked since leaf ${last?.size ?? 0}`,
    );
  checkpoints.set(note.size, note);
  last = note;
  takeCosignatures(note);
  takeStamp(where, line.timestamp, note);
  if (line.certificateHash !== null && certificates.delete(line.certificateHash))
    verified.push(`${where}: names the certificate given`);
};
const takeHeader = (line) => {
  if (line.version !== 1 || !['ledger', 'proof'].includes(line.garde))
    fail('this is no exported ledger that this verifier knows');
  header = line;
  keys = (values.key.length > 0 ? values.key : line.keys).map((text) => readKey(text, 1));
};
const take = (line) => {
  if (header === undefined) return takeHeader(line);
  if (counted >= 0) return fault(`line ${lines}`, 'comes after the end');
  if ('leaves' in line) for (const one of line.leaves) append(leafHash(one));
  else if ('checkpoint' in line) takeCheckpoint(line);
  else if ('entry' in line) takeEntry(line);
  else if ('consistency' in line) takeConsistency(line);
  else if ('witness' in line) takeWitness(line);
  else if ('lines' in line) counted = line.lines;
  else fault(`line ${lines}`, 'is of no known kind: not verified');
};
const takeEntry = ({ entry, of, salt, content, proof }) => {
  const commitment = createHmac('sha256', Buffer.from(salt, 'hex')).update(content).digest('hex');
  const tree = checkpoints.get(of);
  const path = proof.map((one) => Buffer.from(one, 'base64'));
  if (tree === undefined || !isIncluded(entry, leafHash(commitment), tree, path))
    return fault(`entry ${entry}`, 'is not what the ledger committed to: forged or altered');
  entries += 1;
  opened.push(`  ${entry} ${content}`);
};
const takeConsistency = ({ consistency, of, proof }) => {
  const [older, newer] = [checkpoints.get(consistency), checkpoints.get(of)];
  const path = proof.map((one) => Buffer.from(one, 'base64'));
  if (!older || !newer || !isBeginning(older, newer, path))
    return fault(`checkpoint of ${consistency} leaves`, `is not the beginning of the one of ${of}`);
  consistencies += 1;
};
/** A checkpoint from elsewhere must be one of this ledger's. */
const takeOutside = (where, text) => {
  const note = readNote(text);
  if (note === undefined) return fault(where, 'holds no checkpoint');
  const same = checkpoints.get(note.size);
  if (note.origin !== header.origin) return fault(where, 'is about another ledger');
  if (same === undefined)
    return fault(where, `saw ${note.size} leaves, which this ledger lacks: its tail was dropped, or it was forked`);
  if (!same.root.equals(note.root))
    return fault(where, `saw another tree of ${note.size} leaves: the ledger was forked or rewritten`);
  takeCosignatures(note);
  verified.push(`${where}: its checkpoint of ${note.size} leaves is part of this ledger`);
};
const takeWitness = ({ witness, note }) => takeOutside(`witness ${witness}`, note);

for await (const text of createInterface({ input: createReadStream(positionals[0]), crlfDelay: Infinity })) {
  lines += 1;
  let line;
  try {
    line = JSON.parse(text);
  } catch {
    fail(`line ${lines} cannot be read: this is no exported ledger, or it is cut`);
  }
  take(line);
}
if (header === undefined) fail('the file is empty');

for (const path of values.note) {
  const text = readFileSync(path, 'utf8');
  const exported = text.split('\n').filter((one) => one.startsWith('{"checkpoint"'));
  takeOutside(path, exported.length > 0 ? JSON.parse(exported.at(-1)).checkpoint : text);
}
if (counted !== lines) fault('the file', 'is cut: its last line is missing or counts other lines');
if (last !== undefined && last.size !== header.size)
  fault('the file', `announces ${header.size} leaves and has ${last.size}`);
for (const [name, note] of seen) {
  if (note === undefined) fault(`witness ${name}`, 'cosigned none of the checkpoints');
  else verified.push(`witness ${name}: saw the ledger with ${note.size} leaves on ${note.at}, and it grew from there`);
}
for (const path of certificates.values()) fault(path, 'is named by none of the checkpoints');
if (checkpoints.size === 0) unverified.push('there is no checkpoint: nothing was proved');
if (values.key.length === 0) unverified.push("who signed: no --key was given, the file's own keys were used");
if (values.note.length === 0 && values.witness.length === 0)
  unverified.push('whether the end was cut off: no --witness and no --note from elsewhere');
if (!stamped) unverified.push('when it was made: not time-stamped by a third party, as far as this verifies');
if (header.garde === 'proof') unverified.push('the other leaves: this is the proof of one run, not the whole ledger');
unverified.push('that what was done in the org is what the entries say; that entries without their salt say anything');

const say = (title, list) => console.log([title, ...(list.length > 0 ? list : ['(none)'])].join('\n  '));
verified.unshift(
  `${checkpoints.size} checkpoints of ${header.origin}` + (header.garde === 'ledger' ? `, ${size} leaves` : ''),
  `${entries} opened entries, ${consistencies} proofs that an older checkpoint is the beginning of the newest`,
);
if (faults.length === 0) say('VERIFIED', verified);
else say('FAILED', faults);
say('NOT VERIFIED', unverified);
if (opened.length > 0) console.log(['OPENED ENTRIES', ...opened].join('\n'));
process.exitCode = faults.length === 0 ? 0 : 1;
