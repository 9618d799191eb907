import { csvRows, parquetRows } from './files.ts';
import { generatedSet, type Generated } from './generated.ts';
import { labelled, tableOf, type LabelledSet, type Roles, type Row } from './labelledSet.ts';

/** A set by the name it is asked for with. `load` throws AbsentSet when its files are not in the folder. */
export type EvalSet = { readonly name: string; readonly load: (folder: string) => Promise<LabelledSet> };

const oneSide = (rows: readonly Row[]): Uint8Array => new Uint8Array(rows.length);

const FEBRL: Roles = {
  rec_id: 'id',
  given_name: 'given-name',
  surname: 'family-name',
  street_number: 'house-number',
  address_1: 'street',
  address_2: 'ignore',
  suburb: 'city',
  postcode: 'postcode',
  state: 'region',
  date_of_birth: 'birth-date',
  soc_sec_id: 'identifier:social-security',
};

const febrlEntity = (row: Row): string => (row['rec_id'] ?? '').replace(/-(org|dup-\d+)$/, '');

const febrl = (number: string): EvalSet => ({
  name: `febrl${number}`,
  load: (folder) => {
    const rows = csvRows(folder, 'febrl', `dataset${number}.csv`);
    const table = tableOf(`febrl${number}.csv`, rows, FEBRL, { country: 'AU' });
    return Promise.resolve({
      name: `febrl${number}`,
      tables: [table],
      truth: labelled(rows.map(febrlEntity)),
      side: oneSide(rows),
    });
  },
});

const febrl4: EvalSet = {
  name: 'febrl4',
  load: (folder) => {
    const a = csvRows(folder, 'febrl', 'dataset4a.csv');
    const b = csvRows(folder, 'febrl', 'dataset4b.csv');
    const tables = [
      tableOf('febrl4a.csv', a, FEBRL, { country: 'AU' }),
      tableOf('febrl4b.csv', b, FEBRL, { country: 'AU', side: 'b' }),
    ];
    const rows = [...a, ...b];
    const side = Uint8Array.from(rows, (_row, at) => (at < a.length ? 0 : 1));
    return Promise.resolve({ name: 'febrl4', tables, truth: labelled(rows.map(febrlEntity)), side });
  },
};

const historical: EvalSet = {
  name: 'historical_50k',
  load: async (folder) => {
    const rows = await parquetRows(folder, 'splink', 'historical_figures_with_errors_50k.parquet');
    const table = tableOf('historical_50k', rows, {
      unique_id: 'id',
      full_name: 'full-name',
      first_name: 'given-name',
      surname: 'family-name',
      dob: 'birth-date',
      birth_place: 'birth-place',
      postcode_fake: 'postcode',
      gender: 'sex',
    });
    return {
      name: 'historical_50k',
      tables: [table],
      truth: labelled(rows.map((row) => row['cluster'] ?? '')),
      side: oneSide(rows),
    };
  },
};

const fake1000: EvalSet = {
  name: 'fake_1000',
  load: (folder) => {
    const rows = csvRows(folder, 'splink', 'fake_1000.csv');
    const table = tableOf('fake_1000.csv', rows, {
      unique_id: 'id',
      first_name: 'given-name',
      surname: 'family-name',
      dob: 'birth-date',
      city: 'city',
      email: 'email',
    });
    const truth = labelled(rows.map((row) => row['cluster'] ?? ''));
    return Promise.resolve({ name: 'fake_1000', tables: [table], truth, side: oneSide(rows) });
  },
};

const SENZING: Roles = {
  RECORD_ID: 'id',
  PRIMARY_NAME_FULL: 'full-name',
  PRIMARY_NAME_ORG: 'organisation-name',
  SECONDARY_NAME_ORG: 'organisation-name',
  PRIMARY_NAME_LAST: 'family-name',
  PRIMARY_NAME_FIRST: 'given-name',
  NATIVE_NAME_FULL: 'full-name',
  GENDER: 'sex',
  DATE_OF_BIRTH: 'birth-date',
  PASSPORT_NUMBER: 'identifier:passport',
  DRIVERS_LICENSE_NUMBER: 'identifier:driving-licence',
  SSN_NUMBER: 'identifier:social-security',
  NATIONAL_ID_NUMBER: 'identifier:national',
  EMAIL_ADDRESS: 'email',
  ADDR_FULL: 'address-line',
  ADDR_LINE1: 'address-line',
  ADDR_CITY: 'city',
  ADDR_STATE: 'region',
  ADDR_POSTAL_CODE: 'postcode',
  ADDR_COUNTRY: 'country',
  PHONE_NUMBER: 'phone',
};

const senzing: EvalSet = {
  name: 'senzing',
  load: (folder) => {
    const key = new Map(
      csvRows(folder, 'senzing_truthset', 'actual_truthset_key.csv').map((row) => [
        `${row['DATA_SOURCE'] ?? ''} ${row['RECORD_ID'] ?? ''}`,
        row['CLUSTER_ID'] ?? '',
      ]),
    );
    const files = ['customers', 'reference', 'watchlist'].map((file) =>
      csvRows(folder, 'senzing_truthset', `${file}.csv`),
    );
    const tables = files.map((rows, at) =>
      tableOf(['customers.csv', 'reference.csv', 'watchlist.csv'][at] ?? '', rows, SENZING, {
        entity: 'mixed',
        country: 'US',
      }),
    );
    const rows = files.flat();
    const truth = labelled(rows.map((row) => key.get(`${row['DATA_SOURCE'] ?? ''} ${row['RECORD_ID'] ?? ''}`) ?? ''));
    return Promise.resolve({ name: 'senzing', tables, truth, side: oneSide(rows) });
  },
};

const restaurants: EvalSet = {
  name: 'restaurants',
  load: (folder) => {
    const fodors = csvRows(folder, 'restaurants', 'fodors.csv');
    const zagats = csvRows(folder, 'restaurants', 'zagats.csv');
    const entity = new Map<string, string>();
    for (const pair of csvRows(folder, 'restaurants', 'match_fodors_zagats_more_attrs.csv')) {
      entity.set(`f${pair['fodors_id'] ?? ''}`, pair['_id'] ?? '');
      entity.set(`z${pair['zagats_id'] ?? ''}`, pair['_id'] ?? '');
    }
    const roles: Roles = { id: 'id', name: 'organisation-name', addr: 'street', city: 'city', phone: 'phone' };
    const about = { entity: 'organisation', country: 'US' } as const;
    const ids = [...fodors.map((row) => `f${row['id'] ?? ''}`), ...zagats.map((row) => `z${row['id'] ?? ''}`)];
    return Promise.resolve({
      name: 'restaurants',
      tables: [
        tableOf('fodors.csv', fodors, roles, about),
        tableOf('zagats.csv', zagats, roles, { ...about, side: 'b' }),
      ],
      truth: labelled(ids.map((id) => entity.get(id) ?? id)),
      side: Uint8Array.from(ids, (id) => (id.startsWith('f') ? 0 : 1)),
    });
  },
};

const generated = (about: Generated): EvalSet => ({
  name: about.name,
  load: () => Promise.resolve(generatedSet(about)),
});

export const SETS: readonly EvalSet[] = [
  febrl('1'),
  febrl('2'),
  febrl('3'),
  febrl4,
  historical,
  fake1000,
  senzing,
  restaurants,
  generated({ name: 'french_20k', rows: 20_000 }),
  generated({ name: 'french_20k_rough', rows: 20_000, profile: 'rough' }),
  generated({ name: 'french_20k_organisations', rows: 20_000, organisations: 0.3 }),
  generated({ name: 'french_20k_names', rows: 20_000, only: ['id', 'given-name', 'family-name'] }),
  generated({ name: 'french_20k_email', rows: 20_000, only: ['id', 'given-name', 'family-name', 'email', 'city'] }),
  generated({ name: 'french_200k', rows: 200_000 }),
];
