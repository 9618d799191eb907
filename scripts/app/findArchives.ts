import { GardeError } from '../kernel/result.ts';
import { findArchives, type FoundArchives } from '../retention/findArchives.ts';
import type { PersonMarks } from '../suppression/marks.ts';
import { soughtMarks } from './archiveMarks.ts';
import { lawOf, type CharterOrder } from './planning.ts';
import type { Ports } from './ports.ts';

export type ArchiveSearch = CharterOrder & { readonly marks: PersonMarks };

const tooLittle = (): GardeError =>
  new GardeError([
    {
      code: 'ArchiveMarksMissing',
      subject: 'marks',
      message: 'What was given tells nobody apart: a name alone is many people’s.',
      actions: ['Give an address or a number; or a first and a last name with a birth date or a postcode.'],
    },
  ]);

/** `garde archive find`: archives of somebody who asks and is no longer in the org. Error: ArchiveMarksMissing. */
export const runFindArchives = async (
  order: ArchiveSearch,
  { org, vault }: Pick<Ports, 'org' | 'vault'>,
): Promise<FoundArchives> => {
  const { charter } = await lawOf(order);
  const { orgId } = await org.identity();
  const sought = await soughtMarks({ vault, orgId, country: charter.controller.country }, order.marks);
  if (sought.size === 0) throw tooLittle();
  return findArchives(org, sought);
};
