/** One line of the file: '' where the record says nothing. */
export type PersonRecord = {
  civility: string;
  given: string;
  family: string;
  birthName: string;
  birthDate: string;
  birthPlace: string;
  email: string;
  phone: string;
  address: string;
  postcode: string;
  city: string;
  /** Where it lives, as the truth has it: the household, or the place it moved to. */
  readonly livesAt: string;
  /** What was done to it, joined by `+`. */
  changes: string;
};

/** Adds to what was done to the record. */
export const noted = (record: { changes: string }, change: string): void => {
  record.changes = record.changes === '' ? change : `${record.changes}+${change}`;
};
