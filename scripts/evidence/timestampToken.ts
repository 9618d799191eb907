import { hash, verify, X509Certificate } from 'node:crypto';
import { der, DerFault, expectTag, membersOf, oidOf, readDer, sequenceOf, TAG, type Der } from './der.ts';
import { isForTimestamps, issuerAndSerial, leadsTo } from './timestampCertificate.ts';

/** Why a time-stamp does not verify. */
export type TimestampFault =
  | 'TimestampUnreadable'
  | 'TimestampOfSomethingElse'
  | 'TimestampNonceDiffers'
  | 'TimestampAltered'
  | 'TimestampSignatureWrong'
  | 'TimestampCertificateUnfit'
  | 'TimestampNotTrusted';

export type TimestampCheck =
  | { readonly ok: true; /** ISO instant that the authority vouches for. */ readonly at: string }
  | { readonly ok: false; readonly fault: TimestampFault };

class Refused extends Error {
  readonly fault: TimestampFault;
  constructor(fault: TimestampFault) {
    super(fault);
    this.fault = fault;
  }
}
const need = (holds: boolean, fault: TimestampFault): void => {
  if (!holds) throw new Refused(fault);
};

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const RSA_PSS = '1.2.840.113549.1.1.10';

/** Hashes that may stand in a token; SHA-1 only where RFC 2634 fixes it, to name the certificate. */
const HASHES: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const hashNamed = (algorithm: Der | undefined): string => {
  const name = HASHES[oidOf(sequenceOf(algorithm, 'a hash')[0], 'a hash')];
  if (name === undefined) throw new DerFault('a hash that is not used for time-stamps');
  return name;
};

type TstInfo = { readonly bytes: Buffer; readonly at: Date; readonly nonce: Buffer | undefined };

const instantOf = (value: Der | undefined): Date => {
  const text = expectTag(value, TAG.generalizedTime, 'the time').content.toString('latin1');
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d+)?)Z$/.exec(text);
  if (match === null) throw new DerFault('the time has another form');
  const [, year, month, day, hour, minute, second] = match;
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
};

const readInfo = (bytes: Buffer, text: string): TstInfo => {
  const fields = sequenceOf(readDer(bytes), 'the time-stamp');
  const [algorithm, imprint] = sequenceOf(fields[2], 'the imprint');
  const expected = hash(hashNamed(algorithm), text, 'buffer');
  need(expected.equals(expectTag(imprint, TAG.octetString, 'the imprint').content), 'TimestampOfSomethingElse');
  const nonce = fields.slice(5).find(({ tag }) => tag === TAG.integer)?.content;
  return { bytes, at: instantOf(fields[4]), nonce };
};

type Parts = { readonly info: Buffer; readonly pool: readonly X509Certificate[]; readonly signer: readonly Der[] };

const partsOf = (token: Uint8Array): Parts => {
  const [type, wrapped] = sequenceOf(readDer(token), 'the token');
  if (oidOf(type, 'the token') !== SIGNED_DATA) throw new DerFault('no signed data');
  const signedData = sequenceOf(membersOf(expectTag(wrapped, TAG.context0, 'the token'))[0], 'the signed data');
  const [contentType, content] = sequenceOf(signedData[2], 'the content');
  if (oidOf(contentType, 'the content') !== TST_INFO) throw new DerFault('no time-stamp');
  const info = expectTag(membersOf(expectTag(content, TAG.context0, 'the content'))[0], TAG.octetString, 'the content');
  const certificates = signedData.slice(3).find(({ tag }) => tag === TAG.context0);
  const signers = membersOf(expectTag(signedData.at(-1), TAG.set, 'the signers'));
  if (signers.length !== 1) throw new DerFault('not exactly one signer');
  return {
    info: info.content,
    pool: certificates === undefined ? [] : membersOf(certificates).map((one) => new X509Certificate(one.whole)),
    signer: sequenceOf(signers[0], 'the signer'),
  };
};

const attributesOf = (signed: Der): ReadonlyMap<string, Der> => {
  const attributes = new Map<string, Der>();
  for (const one of membersOf(signed)) {
    const [name, values] = sequenceOf(one, 'an attribute');
    const [value, ...more] = membersOf(expectTag(values, TAG.set, 'an attribute'));
    const oid = oidOf(name, 'an attribute');
    if (value === undefined || more.length > 0 || attributes.has(oid)) throw new DerFault('an attribute is ambiguous');
    attributes.set(oid, value);
  }
  return attributes;
};

/** RFC 5035: the signed attribute that names the signer's certificate by its hash; without it another could be put in. */
const isNamed = (attributes: ReadonlyMap<string, Der>, certificate: X509Certificate): boolean => {
  const second = attributes.get(SIGNING_CERTIFICATE_V2);
  const named = second ?? attributes.get(SIGNING_CERTIFICATE);
  const [first] = sequenceOf(sequenceOf(named, 'the certificate’s name')[0], 'the certificate’s name');
  const [head, next] = sequenceOf(first, 'the certificate’s name');
  const isExplicit = second !== undefined && head?.tag === TAG.sequence;
  const algorithm = isExplicit ? hashNamed(head) : second === undefined ? 'sha1' : 'sha256';
  const given = expectTag(isExplicit ? next : head, TAG.octetString, 'the certificate’s hash').content;
  return hash(algorithm, certificate.raw, 'buffer').equals(given);
};

const signerCertificate = (identifier: Der | undefined, pool: readonly X509Certificate[]): X509Certificate => {
  const [issuer, serial] = sequenceOf(identifier, 'the signer’s name');
  const found = pool.find((one) => {
    const own = issuerAndSerial(one);
    return issuer?.whole.equals(own.issuer) === true && serial?.whole.equals(own.serial) === true;
  });
  if (found === undefined) throw new Refused('TimestampCertificateUnfit');
  return found;
};

const verifySigner = ({ info, pool, signer }: Parts): X509Certificate => {
  const [, identifier, digestAlgorithm, signed, signatureAlgorithm, signature] = signer;
  const attributes = attributesOf(expectTag(signed, TAG.context0, 'the signed attributes'));
  const algorithm = hashNamed(digestAlgorithm);
  const digest = expectTag(attributes.get(MESSAGE_DIGEST), TAG.octetString, 'the digest').content;
  need(hash(algorithm, info, 'buffer').equals(digest), 'TimestampAltered');
  need(oidOf(attributes.get(CONTENT_TYPE), 'the content type') === TST_INFO, 'TimestampAltered');
  if (oidOf(sequenceOf(signatureAlgorithm, 'the signature')[0], 'the signature') === RSA_PSS) {
    throw new DerFault('RSA-PSS, which is not read');
  }
  const certificate = signerCertificate(identifier, pool);
  need(isNamed(attributes, certificate), 'TimestampCertificateUnfit');
  // RFC 5652, 5.4: signed as the SET they are, not with the tag they stand under
  const bytes = der(TAG.set, signed?.content ?? Buffer.alloc(0));
  const value = expectTag(signature, TAG.octetString, 'the signature').content;
  need(verify(algorithm, bytes, certificate.publicKey, value), 'TimestampSignatureWrong');
  return certificate;
};

/**
 * Verifies a token of RFC 3161 over a text: imprint, nonce when given, signature, the signer's certificate and its way to
 * one of the trusted ones. The first thing that is wrong is the fault.
 */
export const verifyTimestamp = (
  token: Uint8Array,
  text: string,
  trust: { readonly roots: readonly X509Certificate[]; readonly nonce?: Buffer },
): TimestampCheck => {
  try {
    const parts = partsOf(token);
    const info = readInfo(parts.info, text);
    need(trust.nonce === undefined || info.nonce?.equals(trust.nonce) === true, 'TimestampNonceDiffers');
    const certificate = verifySigner(parts);
    need(isForTimestamps(certificate), 'TimestampCertificateUnfit');
    need(leadsTo(certificate, parts.pool, trust.roots, info.at), 'TimestampNotTrusted');
    return { ok: true, at: info.at.toISOString() };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, fault: error.fault };
    if (error instanceof DerFault || error instanceof RangeError) return { ok: false, fault: 'TimestampUnreadable' };
    if (isCertificateFault(error)) return { ok: false, fault: 'TimestampCertificateUnfit' };
    throw error;
  }
};

/** OpenSSL could not read a certificate or use its key. */
const isCertificateFault = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^ERR_(OSSL|CRYPTO)/.test(error.code);
