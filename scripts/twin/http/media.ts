import type { IncomingMessage } from 'node:http';
import { notEmulated, TwinError } from '../contract.ts';

const JSON_OR_FORM = /^(?:application\/(?:json|.*\+json)|multipart\/form-data|text\/json)\b/i;

const isXml = (type: string): boolean => /^(?:application|text)\/xml\b/i.test(type);

/**
 * Bodies are JSON or multipart; XML, which the platform would read, is refused by name.
 * @throws TwinError UNSUPPORTED_MEDIA_TYPE (415), NOT_EMULATED (501).
 */
export const checkContentType = (request: IncomingMessage): void => {
  const type = request.headers['content-type'];
  if (type === undefined || JSON_OR_FORM.test(type)) return;
  if (isXml(type)) throw notEmulated('XML request bodies of REST; send JSON');
  throw new TwinError(
    'UNSUPPORTED_MEDIA_TYPE',
    `Content-Type header specified in HTTP request is not supported: ${type.split(';')[0] ?? ''}`,
    { status: 415 },
  );
};

/** Whoever takes XML alone is refused by name: answers are JSON. */
export const checkAccept = (request: IncomingMessage): void => {
  const types = (request.headers.accept ?? '').split(',').map((type) => type.trim());
  if (types.some(isXml) && !types.some((type) => /^(?:\*\/\*|application\/(?:json|\*))/i.test(type))) {
    throw notEmulated('XML answers of REST; ask for application/json');
  }
};
