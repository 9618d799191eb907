import { gazetteer } from './gazetteer.ts';
import { weightedTable, type Draws } from './random.ts';

export type Address = { readonly street: string; readonly postalCode: string; readonly city: string };

const { places, streetTypes, streetNames, abbreviations } = gazetteer.places;
const place = weightedTable(places.map(([postalCode, city, weight]) => [{ postalCode, city }, weight] as const));

/** A street that exists nowhere in particular, in a commune that exists with that postcode. */
export const addressOf = (draws: Draws): Address => {
  const { postalCode, city } = place(draws);
  const index = draws.weighted([
    ['', 90],
    [' bis', 7],
    [' ter', 3],
  ] as const);
  const number = `${draws.whole(1, 180)}${index}`;
  return { street: `${number} ${draws.weighted(streetTypes)} ${draws.pick(streetNames)}`, postalCode, city };
};

/** The two digits that a telephone region and a birth number go by. */
export const departmentOf = (postalCode: string): string => postalCode.slice(0, 2);

/** The same address as somebody else would write it: abbreviated, in capitals, with a floor. */
export const rewrittenAddress = (draws: Draws, address: Address): Address => {
  const [number = '', type = '', ...rest] = address.street.replace(/ (bis|ter) /, '$1 ').split(' ');
  const short = `${number} ${abbreviations[type] ?? type} ${rest.join(' ')}`;
  const how = draws.whole(0, 3);
  if (how === 0) return { ...address, street: short };
  if (how === 1) return { ...address, street: address.street.toUpperCase(), city: address.city.toUpperCase() };
  if (how === 2) return { ...address, street: `${number}, ${type} ${rest.join(' ').replace(/-/g, ' ')}` };
  return { ...address, street: `Apt ${draws.whole(1, 60)}, ${address.street}` };
};

/** A box with its own postcode: CEDEX codes keep the department's two digits and are not the commune's. */
export const cedexAddress = (draws: Draws, address: Address): Address => ({
  street: `BP ${draws.whole(10_000, 90_999)}`,
  postalCode: `${departmentOf(address.postalCode)}${draws.whole(900, 979)}`,
  city: `${address.city.toUpperCase().slice(0, 30)} CEDEX`,
});

/** Ways an address goes wrong; none of them can be delivered to. */
export const brokenAddress = (draws: Draws, address: Address): Address => {
  const how = draws.whole(0, 3);
  if (how === 0) return { ...address, postalCode: '' };
  if (how === 1) return { street: `${address.street} ${address.postalCode} ${address.city}`, postalCode: '', city: '' };
  if (how === 2) return { ...address, postalCode: address.postalCode.slice(1) };
  return { ...address, street: 'NPAI' };
};
