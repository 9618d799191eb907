import { perUnit, type DemoRow, type RowsOfUnit, type Stage } from '../batches.ts';
import { docxOf, emlOf, pdfOf } from '../documents.ts';
import { folded } from '../names.ts';
import { messageWith } from '../notes.ts';
import type { Person, Unit } from '../people.ts';
import type { Draws } from '../random.ts';
import { firstRecordOf } from '../records.ts';
import { instantOf, type World } from '../world.ts';

export type DemoFile = {
  readonly title: string;
  readonly name: string;
  readonly bytes: Buffer;
  /** Everybody the file speaks of; the first one's record holds it. */
  readonly about: readonly Person[];
};

const fullName = ({ firstName, lastName }: Person): string => `${firstName} ${lastName}`;
const slug = (person: Person): string => folded(`${person.lastName}-${person.firstName}`).replace(/[^a-z0-9-]+/g, '');

const receipt = (person: Person, amount: number): DemoFile => ({
  title: `Reçu fiscal ${fullName(person)}`,
  name: `recu-fiscal-${slug(person)}.pdf`,
  bytes: pdfOf([
    'Reçu au titre des dons (art. 200 du CGI)',
    `${fullName(person)}, ${person.address.street}, ${person.address.postalCode} ${person.address.city}`,
    `Somme reçue : ${amount} euros`,
  ]),
  about: [person],
});

const letter = (person: Person): DemoFile => ({
  title: `Courrier de ${fullName(person)}`,
  name: `courrier-${slug(person)}.docx`,
  bytes: docxOf([fullName(person), 'Madame, Monsieur,', 'Merci de corriger mon adresse et de me confirmer mon don.']),
  about: [person],
});

const curriculum = (person: Person): DemoFile => ({
  title: `CV bénévole ${fullName(person)}`,
  name: `cv-${slug(person)}.txt`,
  bytes: Buffer.from(`${fullName(person)}\n${person.email ?? ''}\nExpérience : comptabilité, accueil.\n`),
  about: [person],
});

const attendance = (people: readonly Person[]): DemoFile => ({
  title: 'Feuille de présence',
  name: 'feuille-de-presence.csv',
  bytes: Buffer.from(
    `nom;prenom;commune\n${people.map((p) => `${p.lastName};${p.firstName};${p.address.city}\n`).join('')}`,
  ),
  about: people,
});

const message = (draws: Draws, person: Person): DemoFile => {
  const [subject, body] = messageWith(draws, person, true);
  return {
    title: subject,
    name: `message-${slug(person)}.eml`,
    bytes: emlOf(person.email ?? `${slug(person)}@inconnu.example`, subject, body),
    about: [person],
  };
};

/** The files kept on a household's head; from (seed, unit) alone. */
export const filesOf = (world: World, unit: Unit): readonly DemoFile[] => {
  const [head] = unit.people;
  const draws = world.draws('files', unit.number);
  if (head === undefined || unit.kind === 'lead' || !draws.chance(0.066)) return [];
  return [
    draws.weighted<() => DemoFile>([
      [() => receipt(head, draws.whole(10, 500)), 45],
      [() => letter(head), 20],
      [() => message(draws, head), 15],
      [() => curriculum(head), 10],
      [() => attendance(unit.people), 10],
    ])(),
  ];
};

const fileRow = (world: World, file: DemoFile, holder: Person): DemoRow => ({
  Title: file.title.slice(0, 255),
  PathOnClient: file.name.slice(0, 500),
  VersionData: file.bytes.toString('base64'),
  FirstPublishLocationIdKey: holder.key,
  CreatedDate: instantOf(firstRecordOf(world, holder).created, holder.index),
});

const fileRows: RowsOfUnit = (world, unit) =>
  filesOf(world, unit).flatMap((file) => file.about.slice(0, 1).map((holder) => fileRow(world, file, holder)));

export const fileStages: readonly Stage[] = [
  { object: 'ContentVersion', via: 'files', operation: 'insert', rows: perUnit(fileRows) },
];
