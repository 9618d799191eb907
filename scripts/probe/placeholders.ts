import { parseRecordId } from '../kernel/recordId.ts';

export type KnownValues = {
  readonly instanceUrl: string;
  readonly orgId: string;
  readonly userId: string;
  readonly username: string;
  /** Full names and parts of them that answers may show. */
  readonly names: readonly string[];
  /** What was sent by us: dates and ids in it are nobody's. */
  readonly own: string;
};

const ID = /(?<![A-Za-z0-9])[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?(?![A-Za-z0-9])/g;
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})/g;
const DATE = /(?<!\d)\d{4}-\d{2}-\d{2}(?![\dT])/g;
/** A domain on which nobody has an address (RFC 2606). */
const ADDRESS = /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+/g;
const isReserved = (address: string): boolean => /\.(?:example|invalid|test)$/i.test(address);

/** Replaces what belongs to one org, one user or one moment; the same value always gets the same placeholder. */
export const createHiding = (known: KnownValues): ((text: string) => string) => {
  const ids = new Map<string, string>([
    [known.orgId.slice(0, 15), '{{orgId}}'],
    [known.userId.slice(0, 15), '{{userId}}'],
  ]);
  const counts = new Map<string, number>();
  const hideId = (text: string): string => {
    const short = text.slice(0, 15);
    const seen = ids.get(short);
    if (seen !== undefined) return seen;
    // fifteen letters may be a word; eighteen with the right checksum are an id
    if (text.length === 15 || parseRecordId(text) !== text || known.own.includes(text)) return text;
    const prefix = text.slice(0, 3);
    const count = (counts.get(prefix) ?? 0) + 1;
    counts.set(prefix, count);
    const placeholder = `{{id:${prefix}:${count}}}`;
    ids.set(short, placeholder);
    return placeholder;
  };
  const host = new URL(known.instanceUrl).host;
  const plain: readonly (readonly [string, string])[] = [
    [known.instanceUrl, '{{instance}}'],
    [host, '{{host}}'],
    [known.username, '{{username}}'],
    ...known.names.filter((name) => name.length > 2).map((name) => [name, '{{userName}}'] as const),
  ];
  return (text) =>
    plain
      .reduce((hidden, [value, placeholder]) => hidden.replaceAll(value, placeholder), text)
      .replace(ADDRESS, (address) => (isReserved(address) ? address : '{{address}}'))
      .replace(INSTANT, '{{instant}}')
      .replace(DATE, (date) => (known.own.includes(date) ? date : '{{date}}'))
      .replace(ID, hideId);
};

const PLACEHOLDER = /\{\{([A-Za-z]+(?::[A-Za-z0-9]+)*)\}\}/g;
/** Bound at first sight and the same ever after; the others stand for anything of their form. */
const FORMS: Readonly<Record<string, string>> = {
  instant: String.raw`\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-][\d:]+)`,
  date: String.raw`\d{4}-\d{2}-\d{2}`,
  any: String.raw`[\s\S]*?`,
  number: String.raw`\d+`,
  address: ADDRESS.source,
  id: '[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?',
};
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const isFree = (name: string): boolean => ['instant', 'date', 'any', 'number', 'address'].includes(name);
const formOf = (name: string): string => FORMS[name.startsWith('id:') ? 'id' : name] ?? FORMS['any'] ?? '';

/** Values bound to the placeholders of one cassette while it is replayed. */
export class Bindings {
  readonly #values = new Map<string, string>();

  constructor(given: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(given)) this.#values.set(name, value);
  }

  /** The text with every bound placeholder filled in; one that nothing bound stays. */
  fill(text: string): string {
    return text.replace(PLACEHOLDER, (whole, name: string) => this.#values.get(name) ?? whole);
  }

  /** Whether a text is as the template has it; binds what is seen first. */
  matches(template: string, actual: string): boolean {
    if (!template.includes('{{')) return template === actual;
    const names: string[] = [];
    let [pattern, last] = ['', 0];
    for (const found of template.matchAll(PLACEHOLDER)) {
      const name = found[1] ?? '';
      pattern += escaped(template.slice(last, found.index));
      last = found.index + found[0].length;
      const bound = this.#values.get(name);
      if (bound !== undefined)
        pattern += name.startsWith('id:') ? `${escaped(bound.slice(0, 15))}(?:[A-Za-z0-9]{3})?` : escaped(bound);
      else {
        pattern += isFree(name) ? `(?:${formOf(name)})` : `(${formOf(name)})`;
        if (!isFree(name)) names.push(name);
      }
    }
    const match = new RegExp(`^${pattern}${escaped(template.slice(last))}$`).exec(actual);
    if (match === null) return false;
    names.forEach((name, index) => this.#values.set(name, match[index + 1] ?? ''));
    return true;
  }
}
