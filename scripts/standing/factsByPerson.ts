import type { LocalDate } from '../kernel/legalPeriod.ts';
import type { Fact } from './facts.ts';
import type { FactSource } from './factSources.ts';
import { statementReader, type Statement } from './factTexts.ts';
import { LISTS, type Gathered } from './gatherFacts.ts';
import type { Person, PersonFacts } from './people.ts';
import { readRoom, type Entry } from './rooms.ts';

type Known = { readonly person: Person; readonly facts: Fact[] };
type People = Map<string, Known>;

const words = (text: Entry | undefined): readonly string[] =>
  text === null || text === undefined || text === '' ? [] : text.split(' ');

const peopleIn = ({ store, spec }: Gathered, room: number): People => {
  const people: People = new Map();
  const width = 4 + spec.links.length;
  for (const entries of readRoom(store, LISTS.people, room)) {
    for (let i = 0; i < entries.length; i += width) {
      const exceptions = words(entries[i + 3]);
      const person: Person = {
        id: entries[i] ?? '',
        collected: (entries[i + 1] ?? null) as LocalDate | null,
        rules: words(entries[i + 2]),
        links: entries.slice(i + 4, i + width),
        ...(exceptions.length === 0 ? {} : { exceptions }),
      };
      people.set(person.id, { person, facts: [] });
    }
  }
  return people;
};

const addFacts = (into: Fact[], target: string, record: Entry | undefined, statements: readonly Statement[]): void => {
  for (const { source, date, until } of statements) into.push({ source, target, record: record ?? '', date, until });
};

type Statements = ReturnType<typeof statementReader>;

const addOwn = ({ store }: Gathered, room: number, people: People, statements: Statements): void => {
  for (const entries of readRoom(store, LISTS.own, room)) {
    for (let i = 0; i < entries.length; i += 3) {
      const known = people.get(entries[i] ?? '');
      if (known !== undefined) addFacts(known.facts, known.person.id, entries[i + 1], statements(entries[i + 2] ?? ''));
    }
  }
};

const addReached = ({ store }: Gathered, room: number, people: People, statements: Statements): void => {
  for (const entries of readRoom(store, LISTS.reached, room)) {
    for (let i = 0; i < entries.length; i += 4) {
      const known = people.get(entries[i] ?? '');
      if (known !== undefined)
        addFacts(known.facts, entries[i + 1] ?? '', entries[i + 2], statements(entries[i + 3] ?? ''));
    }
  }
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By source, then by record; what one record says twice, in the order of records and sources. */
const orderOf = (sources: readonly FactSource[]) => {
  const places = new Map(sources.map((source, i) => [source, i]));
  const place = (fact: Fact): number => places.get(fact.source) ?? 0;
  return (a: Fact, b: Fact): number =>
    (a.source === b.source ? 0 : byText(a.source.key, b.source.key)) ||
    byText(a.record, b.record) ||
    byText(a.target, b.target) ||
    place(a) - place(b);
};

/** Every person that was gathered with all their facts, by record id: the same order for the same snapshot. */
export function* factsByPerson(gathered: Gathered): Iterable<PersonFacts> {
  const statements = statementReader(gathered.sources);
  const inOrder = orderOf(gathered.sources);
  for (let room = 0; room < gathered.rooms; room += 1) {
    const people = peopleIn(gathered, room);
    addOwn(gathered, room, people, statements);
    addReached(gathered, room, people, statements);
    const ids = [...people.keys()].sort();
    for (const id of ids) {
      const known = people.get(id);
      if (known === undefined) continue;
      people.delete(id);
      known.facts.sort(inOrder);
      yield known;
    }
  }
}
