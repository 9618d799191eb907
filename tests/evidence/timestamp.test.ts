import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { der, derOid, DerFault, membersOf, oidOf, readDer, TAG } from '../../scripts/evidence/der.ts';
import { isForTimestamps } from '../../scripts/evidence/timestampCertificate.ts';
import { timestampQuery, tokenOfReply } from '../../scripts/evidence/timestampQuery.ts';
import { verifyTimestamp } from '../../scripts/evidence/timestampToken.ts';
import { seededRandom } from '../plan/temporaryVault.ts';
import { openLocalAuthority, type LocalAuthority } from './localAuthority.ts';

const TEXT = 'garde-ledger/x\n7\nroot\n';
const random = seededRandom('nonces');
let authorities: readonly LocalAuthority[];
let root: X509Certificate;

beforeAll(() => {
  authorities = [openLocalAuthority('rsa'), openLocalAuthority('ec')];
  root = new X509Certificate(authorities[0]!.root);
});
afterAll(() => authorities.forEach((one) => one.remove()));

const stamp = async (authority = authorities[0]!) => {
  const query = timestampQuery(TEXT, random);
  return { token: tokenOfReply(await authority.answer(query.bytes))!, nonce: query.nonce };
};
const fault = (check: ReturnType<typeof verifyTimestamp>) => (check.ok ? 'none' : check.fault);

describe('EVI-04: a time-stamp of a local authority', () => {
  it('verifies in imprint, nonce, signature and chain, with RSA and with elliptic curves', async () => {
    for (const authority of authorities) {
      const { token, nonce } = await stamp(authority);
      const check = verifyTimestamp(token, TEXT, { roots: [new X509Certificate(authority.root)], nonce });
      expect(check).toMatchObject({ ok: true, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
    }
  });

  it('is refused over another text, with another nonce and from an authority that is not trusted', async () => {
    const { token, nonce } = await stamp();
    const { nonce: other } = timestampQuery(TEXT, random);
    const stranger = new X509Certificate(authorities[1]!.root);
    expect(fault(verifyTimestamp(token, `${TEXT} `, { roots: [root], nonce }))).toBe('TimestampOfSomethingElse');
    expect(fault(verifyTimestamp(token, TEXT, { roots: [root], nonce: other }))).toBe('TimestampNonceDiffers');
    expect(fault(verifyTimestamp(token, TEXT, { roots: [stranger], nonce }))).toBe('TimestampNotTrusted');
    expect(fault(verifyTimestamp(token, TEXT, { roots: [], nonce }))).toBe('TimestampNotTrusted');
  });

  it('is refused whatever byte of its time, imprint, attributes or signature is altered', async () => {
    const { token, nonce } = await stamp();
    const accepted: number[] = [];
    for (let at = 0; at < token.length; at += 1) {
      const altered = Buffer.from(token);
      altered[at] = (altered[at] ?? 0) ^ 0x01;
      if (verifyTimestamp(altered, TEXT, { roots: [root], nonce }).ok) accepted.push(at);
    }
    // what no signature covers: parameters of algorithms, the root's copy, versions
    const time = token.indexOf(Buffer.from('180f32', 'hex'));
    expect(time).toBeGreaterThan(0);
    for (let at = time; at < time + 17; at += 1) expect(accepted).not.toContain(at);
    for (let at = token.length - 256; at < token.length; at += 1) expect(accepted).not.toContain(at);
    expect(verifyTimestamp(token.subarray(0, -1), TEXT, { roots: [root] })).toEqual({
      ok: false,
      fault: 'TimestampUnreadable',
    });
    expect(fault(verifyTimestamp(Buffer.concat([token, Buffer.of(0)]), TEXT, { roots: [root] }))).toBe(
      'TimestampUnreadable',
    );
  });

  it('never comes from bytes that are none, and reading them never fails otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(verifyTimestamp(bytes, TEXT, { roots: [root] }).ok).toBe(false);
      }),
    );
  });

  it('sends nothing but the hash, and a nonce that is a positive integer of its own each time', () => {
    const one = timestampQuery(TEXT, random);
    const two = timestampQuery(TEXT, random);
    expect(one.nonce).not.toEqual(two.nonce);
    for (const { nonce } of [one, two]) expect(nonce[0]! >= 0x40 && nonce[0]! < 0x80).toBe(true);
    expect(one.bytes.toString('latin1')).not.toContain('garde-ledger');
    expect(one.bytes.length).toBeLessThan(90);
  });

  it('does not exist where the authority refused', () => {
    const refused = der(TAG.sequence, der(TAG.sequence, der(TAG.integer, Buffer.of(2))));
    expect(tokenOfReply(refused)).toBeUndefined();
    expect(() => tokenOfReply(Buffer.from('<html>'))).toThrow(DerFault);
  });

  it('needs a certificate for time-stamps alone', () => {
    expect(isForTimestamps(root)).toBe(false);
  });
});

describe('DER', () => {
  it('is read as written, whatever the length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }), (contents) => {
        const whole = der(TAG.sequence, ...contents.map((one) => der(TAG.octetString, one)));
        expect(membersOf(readDer(whole)).map((one) => [...one.content])).toEqual(contents.map((one) => [...one]));
      }),
    );
    for (const oid of ['1.2.840.113549.1.9.16.1.4', '2.5.29.37', '2.16.840.1.101.3.4.2.1', '0.9.2342']) {
      expect(oidOf(readDer(derOid(oid)), 'it')).toBe(oid);
    }
  });

  it.each([
    ['an indefinite length', '3080020100'],
    ['a length not in its shortest form', '04810100'],
    ['a length with a leading zero', '0482000100'],
    ['a content that is cut', '040501'],
    ['a tag of several bytes', '1f8100'],
    ['nothing', ''],
    ['something after it', '040101ff'],
  ])('refuses %s', (_what, hex) => {
    expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow(DerFault);
  });
});
