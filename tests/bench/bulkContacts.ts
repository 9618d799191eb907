/** Twelve columns of invented people, as bulk loads bring them. */
export const CONTACT_COLUMNS = [
  'LastName',
  'FirstName',
  'Email',
  'Phone',
  'Birthdate',
  'MailingStreet',
  'MailingCity',
  'MailingPostalCode',
  'Title',
  'Department',
  'DoNotCall',
  'AccountId',
] as const;

const two = (n: number): string => String(n).padStart(2, '0');

export const contactCells = (n: number, accountIds: readonly string[]): readonly string[] => [
  `Member ${n}`,
  `First ${n % 211}`,
  `person-${n}@people.example`,
  `01 00 ${two(n % 97)} ${two(n % 89)} ${two(n % 83)}`,
  `19${50 + (n % 50)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
  `${n % 300}, rue des Exemples`,
  `City ${n % 97}`,
  `${10_000 + (n % 80_000)}`,
  n % 3 === 0 ? 'Donor' : 'Volunteer',
  `Group ${n % 41}`,
  n % 7 === 0 ? 'true' : 'false',
  accountIds[n % accountIds.length] ?? '',
];

const LINES_AT_ONCE = 1_000;

/** The rows `from` to `to` as CSV, a thousand lines at a time, header first. */
export async function* contactCsv(from: number, to: number, accountIds: readonly string[]): AsyncGenerator<string> {
  yield `${CONTACT_COLUMNS.join(',')}\n`;
  for (let start = from; start < to; start += LINES_AT_ONCE) {
    const lines: string[] = [];
    for (let n = start; n < Math.min(to, start + LINES_AT_ONCE); n += 1) {
      const cells = contactCells(n, accountIds);
      lines.push(cells.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(','));
    }
    yield `${lines.join('\n')}\n`;
    await Promise.resolve();
  }
}
