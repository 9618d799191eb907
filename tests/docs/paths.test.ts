import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const documents = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** `scripts/x/y.ts` in backticks or a link to a file: what a document names must be there. */
const namedPaths = (text: string): readonly string[] => [
  ...[...text.matchAll(/`((?:scripts|tests|config|docs|force-app|messages|bin|manifest|types)\/[\w./-]*)`/g)].map(
    ([, path]) => path!,
  ),
  ...[...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)/g)].map(([, path]) => path!),
];

describe('documents', () => {
  it.each(documents)('%s names only paths that exist', (document) => {
    const folder = document.includes('/') ? document.slice(0, document.lastIndexOf('/') + 1) : '';
    const missing = namedPaths(readFileSync(document, 'utf8')).filter(
      (path) => !existsSync(path) && !existsSync(folder + path),
    );
    expect(missing).toEqual([]);
  });

  it('speak of the project alone', () => {
    const strange = documents.filter((document) => /\/(?:work|root|tmp)\//.test(readFileSync(document, 'utf8')));
    expect(strange).toEqual([]);
  });
});
