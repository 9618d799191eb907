import type { OrgValue } from '../org/port.ts';
import type { RowChunk } from '../snapshot/chunks.ts';
import type { SnapshotReader } from '../snapshot/reader.ts';
import type { EncryptedStore } from '../vault/port.ts';
import type { FactSource } from './factSources.ts';
import { rowTeller, type RowTeller } from './factTexts.ts';
import { keyPrefix, roomsBetween, roomsByHash, type RoomOf } from './idRooms.ts';
import { personIn, personPaths, type PeopleSpec, type Person } from './people.ts';
import { openScratch, readRoom, writeRooms, type RoomList } from './rooms.ts';

/** What of a snapshot is read for facts. */
export type FactsFrom = {
  readonly reader: Pick<SnapshotReader, 'objects' | 'chunks' | 'idMarks'>;
  readonly timeZone: string;
};

/** Facts that lie sorted in an encrypted store, for `factsByPerson`. */
export type Gathered = {
  readonly store: EncryptedStore;
  readonly sources: readonly FactSource[];
  readonly spec: PeopleSpec;
  /** How many rooms there are; people lie in them in the order of their ids. */
  readonly rooms: number;
};

/** Lists of the scratch table: the people, facts by their record, and facts that reach them through a linked record. */
export const LISTS = { people: 'people', own: 'own', reached: 'reached' } as const;
const LINKS = 'links';
const LINKED = 'linked';

/** What a room may hold, so that it fits into memory with all that is made of it. */
const PEOPLE_IN_ROOM = 4_096;
const FACTS_IN_ROOM = 40_000;

type Gathering = {
  readonly store: EncryptedStore;
  readonly spec: PeopleSpec;
  readonly sources: readonly FactSource[];
  readonly from: FactsFrom;
  readonly count: number;
  readonly roomOf: RoomOf;
  readonly linkRoomOf: RoomOf;
};

const gatheringOf = (
  store: EncryptedStore,
  spec: PeopleSpec,
  sources: readonly FactSource[],
  from: FactsFrom,
): Gathering => {
  const objects = new Set(sources.map(({ object }) => object));
  const rowsIn = (isAsked: (object: string) => boolean): number =>
    from.reader.objects.reduce((sum, { object, rows }) => sum + (isAsked(object) ? rows : 0), 0);
  const people = rowsIn((object) => object === spec.object);
  const wanted = Math.max(people / PEOPLE_IN_ROOM, rowsIn((object) => objects.has(object)) / FACTS_IN_ROOM, 1);
  const marks = from.reader.idMarks(spec.object, Math.max(1, Math.ceil(people / wanted)));
  const count = marks.length + 1;
  return { store, spec, sources, from, count, roomOf: roomsBetween(marks), linkRoomOf: roomsByHash(count) };
};

const linkedRecords = ({ id, links }: Person): ReadonlySet<string> =>
  new Set(links.filter((link) => link !== null && link !== id) as readonly string[]);

/** Which objects' records facts can be about, by the beginnings of the ids. */
type Prefixes = { readonly people: ReadonlySet<number>; readonly links: ReadonlySet<number> };

const putPeople = ({ store, spec, from, count, roomOf, linkRoomOf }: Gathering): Prefixes => {
  const [people, links] = [writeRooms(store, LISTS.people, count), writeRooms(store, LINKS, count)];
  const prefixes = { people: new Set<number>(), links: new Set<number>() };
  const put = (person: Person): void => {
    const { id, collected, rules, exceptions = [] } = person;
    people.add(roomOf(id), [id, collected, rules.join(' '), exceptions.join(' '), ...person.links]);
    prefixes.people.add(keyPrefix(id));
    for (const link of linkedRecords(person)) {
      links.add(linkRoomOf(link), [link, id]);
      prefixes.links.add(keyPrefix(link));
    }
  };
  const paths = personPaths(spec);
  const at = new Map(paths.map((path, i) => [path, i]));
  for (const { rows, columns } of from.reader.chunks(spec.object, paths)) {
    for (let row = 0; row < rows; row += 1) {
      const read = (path: string): OrgValue => columns[at.get(path) ?? -1]?.[row] ?? null;
      const person = personIn(spec, read, from.timeZone);
      if (person !== undefined) put(person);
    }
  }
  people.end();
  links.end();
  return prefixes;
};

type Put = (target: string, record: string, text: string) => void;

/** What the rows of a chunk state, lookup by lookup. */
const putTexts = (chunk: RowChunk, { texts }: RowTeller, put: Put): void => {
  const [records = [], ...lookups] = chunk.columns;
  for (let row = 0; row < chunk.rows; row += 1) {
    const record = records[row];
    const told = texts(chunk, row);
    for (let via = 0; via < told.length; via += 1) {
      const target = lookups[via]?.[row];
      const text = told[via] ?? '';
      if (text !== '' && typeof target === 'string' && typeof record === 'string') put(target, record, text);
    }
  }
};

const eachText = ({ sources, from }: Gathering, put: Put): void => {
  const numbered = sources.map((source, index) => [index, source] as const);
  for (const object of new Set(sources.map((source) => source.object))) {
    const own = numbered.filter(([, source]) => source.object === object);
    const teller = rowTeller(own, from.timeZone);
    for (const chunk of from.reader.chunks(object, teller.paths)) putTexts(chunk, teller, put);
  }
};

/** Facts go to the people they are about; those about other records wait for whoever is linked to these. */
const putFacts = (gathering: Gathering, prefixes: Prefixes): void => {
  const { store, count, roomOf, linkRoomOf } = gathering;
  const [own, linked] = [writeRooms(store, LISTS.own, count), writeRooms(store, LINKED, count)];
  eachText(gathering, (target, record, text) => {
    const prefix = keyPrefix(target);
    if (prefixes.people.has(prefix)) own.add(roomOf(target), [target, record, text]);
    if (prefixes.links.has(prefix)) linked.add(linkRoomOf(target), [target, record, text]);
  });
  own.end();
  linked.end();
};

const linksIn = (store: EncryptedStore, room: number): ReadonlyMap<string, readonly string[]> => {
  const people = new Map<string, string[]>();
  for (const entries of readRoom(store, LINKS, room)) {
    for (let i = 0; i < entries.length; i += 2) {
      const [link, person] = [entries[i] ?? '', entries[i + 1] ?? ''];
      const known = people.get(link);
      if (known === undefined) people.set(link, [person]);
      else known.push(person);
    }
  }
  return people;
};

const reachPeople = (store: EncryptedStore, room: number, reached: RoomList, roomOf: RoomOf): void => {
  const people = linksIn(store, room);
  if (people.size === 0) return;
  for (const entries of readRoom(store, LINKED, room)) {
    for (let i = 0; i < entries.length; i += 3) {
      const target = entries[i] ?? '';
      const told = [target, entries[i + 1] ?? '', entries[i + 2] ?? ''];
      for (const person of people.get(target) ?? []) reached.add(roomOf(person), [person, ...told]);
    }
  }
};

/**
 * Sorts the facts of a snapshot by whom they are about into a scratch table of an encrypted store, in rooms of some
 * thousand people each: memory stays flat, and no row is read or written alone.
 */
export const gatherFacts = (
  store: EncryptedStore,
  spec: PeopleSpec,
  sources: readonly FactSource[],
  from: FactsFrom,
): Gathered => {
  openScratch(store);
  const gathering = gatheringOf(store, spec, sources, from);
  putFacts(gathering, putPeople(gathering));
  const reached = writeRooms(store, LISTS.reached, gathering.count);
  for (let room = 0; room < gathering.count; room += 1) reachPeople(store, room, reached, gathering.roomOf);
  reached.end();
  return { store, sources, spec, rooms: gathering.count };
};
