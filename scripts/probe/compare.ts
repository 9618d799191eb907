import { XMLParser } from 'fast-xml-parser';
import type { RawAnswer } from '../org/exchanges.ts';
import { bodyFrom } from './cassette.ts';
import type { Exchange } from './cassette.ts';
import { shortenDescribe } from './describeKept.ts';
import type { Bindings } from './placeholders.ts';

/** Where an answer differs from the recorded one: a path, what was recorded, what came. */
export type Difference = { readonly path: string; readonly recorded: unknown; readonly came: unknown };

const xml = new XMLParser({ ignoreAttributes: true, removeNSPrefix: true, parseTagValue: false });

/** Markup is compared as a tree: prefixes and blanks say nothing. */
const readable = (value: unknown): unknown =>
  typeof value === 'string' && value.trimStart().startsWith('<') ? (xml.parse(value) as unknown) : value;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

type Comparing = {
  readonly bindings: Bindings;
  readonly whole: boolean;
  /** Rows are told apart by their names, not by their places. */
  readonly keyed: boolean;
};

const compareRecords = (
  comparing: Comparing,
  path: string,
  recorded: Readonly<Record<string, unknown>>,
  came: Readonly<Record<string, unknown>>,
): readonly Difference[] => {
  const extra = comparing.whole ? Object.keys(came).filter((key) => !(key in recorded)) : [];
  return [
    ...Object.keys(recorded).flatMap((key) => compareValues(comparing, `${path}.${key}`, recorded[key], came[key])),
    ...extra.map((key) => ({ path: `${path}.${key}`, recorded: undefined, came: came[key] })),
  ];
};

/** Lists of ids have no order, and describes list fields and children in one of their own. */
const keyOf = (comparing: Comparing, value: unknown): string | undefined => {
  if (typeof value === 'string') {
    const id = comparing.bindings.fill(value);
    return /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id) && (value.startsWith('{{id:') || !value.includes('{{'))
      ? id.slice(0, 15)
      : undefined;
  }
  if (!isRecord(value) || !comparing.keyed) return undefined;
  return 'childSObject' in value ? `${String(value['childSObject'])}.${String(value['field'])}` : String(value['name']);
};

const compareKeyed = (
  comparing: Comparing,
  path: string,
  recorded: ReadonlyMap<string, unknown>,
  came: ReadonlyMap<string, unknown>,
): readonly Difference[] => [
  ...[...recorded].flatMap(([key, value]) => compareValues(comparing, `${path}[${key}]`, value, came.get(key))),
  ...[...came].flatMap(([key, value]) =>
    recorded.has(key) ? [] : [{ path: `${path}[${key}]`, recorded: undefined, came: value }],
  ),
];

const compareLists = (
  comparing: Comparing,
  path: string,
  recorded: readonly unknown[],
  came: readonly unknown[],
): readonly Difference[] => {
  const keysOf = (list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined => {
    const keys = list.map((value) => keyOf(comparing, value));
    return keys.some((key) => key === undefined)
      ? undefined
      : new Map(list.map((value, at) => [keys[at] ?? '', value]));
  };
  const [left, right] = [keysOf(recorded), keysOf(came)];
  if (left !== undefined && right !== undefined) return compareKeyed(comparing, path, left, right);
  return compareInOrder(comparing, path, recorded, came);
};

const compareInOrder = (
  comparing: Comparing,
  path: string,
  recorded: readonly unknown[],
  came: readonly unknown[],
): readonly Difference[] => [
  ...recorded.flatMap((value, index) => compareValues(comparing, `${path}[${index}]`, value, came[index])),
  ...came.slice(recorded.length).map((value, index) => ({
    path: `${path}[${recorded.length + index}]`,
    recorded: undefined,
    came: value,
  })),
];

const compareValues = (comparing: Comparing, path: string, recorded: unknown, came: unknown): readonly Difference[] => {
  if (isRecord(recorded) && isRecord(came)) return compareRecords(comparing, path, recorded, came);
  if (Array.isArray(recorded) && Array.isArray(came)) return compareLists(comparing, path, recorded, came);
  if (typeof recorded === 'string' && recorded.includes('{{') && isPlain(came))
    return comparing.bindings.matches(recorded, String(came)) ? [] : [{ path, recorded, came }];
  return Object.is(recorded, came) ? [] : [{ path, recorded, came }];
};

const statusOf = (exchange: Exchange, came: RawAnswer): readonly Difference[] => {
  const fits =
    exchange.given === true
      ? came.status < 300 === exchange.answer.status < 300
      : came.status === exchange.answer.status;
  return fits ? [] : [{ path: 'status', recorded: exchange.answer.status, came: came.status }];
};

const headersOf = ({ answer }: Exchange, came: RawAnswer, bindings: Bindings): readonly Difference[] =>
  Object.entries(answer.headers ?? {}).flatMap(([name, recorded]) => {
    const value = came.headers[name.toLowerCase()];
    if (value !== undefined && bindings.matches(recorded, value)) return [];
    return [{ path: `headers.${name}`, recorded, came: value }];
  });

/** An answer against the recorded one; ids it shows first are bound. None: it is the same. */
export const compareAnswer = (exchange: Exchange, came: RawAnswer, bindings: Bindings): readonly Difference[] => {
  const whole = exchange.compare !== 'subset' && exchange.given !== true;
  const { kept } = exchange;
  const text = kept === undefined || came.status !== 200 ? came.body : shortenDescribe(came.body, kept);
  const comparing = { bindings, whole, keyed: kept !== undefined };
  const body = compareValues(comparing, 'body', readable(exchange.answer.body), readable(bodyFrom(text)));
  // what only prepares binds its ids, and is a success or not
  const compared = exchange.given === true ? [] : body;
  return [...statusOf(exchange, came), ...headersOf(exchange, came, bindings), ...compared];
};
