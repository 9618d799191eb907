import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { saltedCommitment, sha256Hex } from '../../scripts/kernel/hash.ts';
import { GardeError, failed, ok, valueOf } from '../../scripts/kernel/result.ts';

describe('hashes', () => {
  it('agree with the standard’s vector', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('a commitment differs with its salt and with its content, and refuses a short salt', () => {
    const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(saltedCommitment(a, 'x')).not.toBe(saltedCommitment(b, 'x'));
    expect(saltedCommitment(a, 'x')).not.toBe(saltedCommitment(a, 'y'));
    expect(() => saltedCommitment(Buffer.alloc(4), 'x')).toThrow(RangeError);
  });

  it('a commitment is HMAC-SHA-256, short or long', () => {
    const content = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary', minLength: 900, maxLength: 1_200 }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 90 }), content, (salt, text) => {
        expect(saltedCommitment(salt, text)).toBe(createHmac('sha256', salt).update(text).digest('hex'));
      }),
    );
  });
});

describe('results', () => {
  it('give their value, or every problem at once under the first one’s name', () => {
    expect(valueOf(ok(1))).toBe(1);
    const problem = (code: string) => ({ code, message: `${code}.`, actions: [] });
    const taken = (): unknown => valueOf(failed(problem('First'), problem('Second')));
    expect(taken).toThrow(GardeError);
    expect(taken).toThrow('First.\nSecond.');
  });
});
