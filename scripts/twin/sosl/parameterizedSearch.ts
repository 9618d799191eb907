import type { ParameterizedSearch } from '../contract.ts';
import { groupNamed, parseObject, type SearchStatement } from './parseSosl.ts';
import type { Query } from '../soql/syntax.ts';

type Asked = NonNullable<ParameterizedSearch['sobjects']>[number];

/** `Account(id, name WHERE … ORDER BY … LIMIT … OFFSET …)`: what a client asks of one object, in words of SOSL. */
const objectText = (search: ParameterizedSearch, { name, ...own }: Asked): string => {
  const fields = own.fields ?? search.fields ?? ['Id'];
  const parts = [
    fields.join(', '),
    own.where === undefined ? '' : `WHERE ${own.where}`,
    own.orderBy === undefined ? '' : `ORDER BY ${own.orderBy}`,
  ];
  const limit = own.limit ?? search.defaultLimit;
  if (limit !== undefined) parts.push(`LIMIT ${limit}`);
  const offset = own.offset ?? search.offset;
  if (offset !== undefined) parts.push(`OFFSET ${offset}`);
  return `${name}(${parts.filter((part) => part !== '').join(' ')})`;
};

const objectQuery = (search: ParameterizedSearch, asked: Asked): Query => parseObject(objectText(search, asked));

/** Special characters of a search by parameters mean what they mean in SOSL. */
export const parameterized = (search: ParameterizedSearch): SearchStatement => ({
  find: search.q,
  group: groupNamed(search.in ?? 'ALL'),
  returning: (search.sobjects ?? []).map((asked) => objectQuery(search, asked)),
  limit: search.overallLimit,
});
