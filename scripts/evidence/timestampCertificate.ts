import type { X509Certificate } from 'node:crypto';
import { expectTag, oidOf, readDer, sequenceOf, TAG } from './der.ts';

const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const DEEPEST = 8;

/** RFC 3161, 2.3: the extended key usage is critical, names time-stamping and nothing else. */
export const isForTimestamps = (certificate: X509Certificate): boolean => {
  const [body] = sequenceOf(readDer(certificate.raw), 'the certificate');
  const extensions = sequenceOf(body, 'the certificate').find(({ tag }) => tag === 0xa3);
  if (extensions === undefined) return false;
  const usages = sequenceOf(readDer(extensions.content), 'its extensions')
    .map((one) => sequenceOf(one, 'an extension'))
    .filter(([id]) => oidOf(id, 'an extension') === EXTENDED_KEY_USAGE);
  const [usage, ...more] = usages;
  if (usage === undefined || more.length > 0) return false;
  const [, critical, value] = usage;
  if (critical?.tag !== TAG.boolean || critical.content[0] !== 0xff) return false;
  const purposes = sequenceOf(readDer(expectTag(value, TAG.octetString, 'the key usage').content), 'the key usage');
  return purposes.length === 1 && oidOf(purposes[0], 'a key usage') === TIME_STAMPING;
};

const isValidAt = (certificate: X509Certificate, at: Date): boolean =>
  at >= new Date(certificate.validFrom) && at <= new Date(certificate.validTo);

/** Serial number and issuer as they stand in the certificate, DER. */
export const issuerAndSerial = (certificate: X509Certificate): { readonly issuer: Buffer; readonly serial: Buffer } => {
  const [body] = sequenceOf(readDer(certificate.raw), 'the certificate');
  const fields = sequenceOf(body, 'the certificate').filter(({ tag }) => tag !== TAG.context0);
  return {
    serial: expectTag(fields[0], TAG.integer, 'the serial number').whole,
    issuer: expectTag(fields[2], TAG.sequence, 'the issuer').whole,
  };
};

/**
 * Does the certificate lead, at that instant, to one of the trusted ones? Each link is issued and signed by an authority's
 * certificate. Revocation is not asked for: it needs the network and says nothing about the past.
 */
export const leadsTo = (
  certificate: X509Certificate,
  pool: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: Date,
): boolean => {
  let link: X509Certificate | undefined = certificate;
  for (let depth = 0; depth < DEEPEST && link !== undefined; depth += 1) {
    const child: X509Certificate = link;
    if (!isValidAt(child, at)) return false;
    if (trusted.some((root) => root.raw.equals(child.raw))) return true;
    link = [...trusted, ...pool].find((one) => one.ca && child.checkIssued(one) && child.verify(one.publicKey));
  }
  return false;
};
