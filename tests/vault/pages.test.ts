import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, keyKit, LATER, ORG } from './keyTestKit.ts';
import type { KeyKit } from './keyTestKit.ts';

let kit: KeyKit;
beforeEach(() => {
  kit = keyKit();
});
afterEach(() => {
  kit.remove();
});

const TEXT = Buffer.from('Jeanne Exemple, 3 rue des Lilas; '.repeat(2000));

const written = (isWhole = true): { readonly id: string; readonly path: string } => {
  const { holding, writer } = kit.vault().createPages('match-index', ORG, LATER);
  for (let at = 0; at < TEXT.length; at += 1000) writer.write(TEXT.subarray(at, at + 1000));
  writer.close(isWhole);
  return holding;
};

const readAll = (id: string): Buffer => {
  const pages = kit.vault().openPages(id);
  try {
    return Buffer.concat(Array.from({ length: pages.pages }, (_, i) => pages.read(i))).subarray(0, TEXT.length);
  } finally {
    pages.close();
  }
};

describe('sealed pages', () => {
  it('give back by place what was written, and hold nothing of it in the clear', () => {
    const { id, path } = written();
    expect(readAll(id).equals(TEXT)).toBe(true);
    expect(readFileSync(path).includes('Jeanne')).toBe(false);
  });

  it('refuse a page that was changed, and one that stands in the place of another', async () => {
    const { id, path } = written();
    const bytes = readFileSync(path);
    const size = 4096 + 16;
    const swapped = Buffer.concat([bytes.subarray(size, 2 * size), bytes.subarray(0, size), bytes.subarray(2 * size)]);
    writeFileSync(path, swapped);
    expect(await codeOf(() => readAll(id))).toBe('SealedPageDamaged');
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(await codeOf(() => readAll(id))).toBe('SealedPageDamaged');
  });

  it('leave nothing when they were not written whole', () => {
    written(false);
    expect(kit.vault().holdings()).toEqual([]);
  });
});
