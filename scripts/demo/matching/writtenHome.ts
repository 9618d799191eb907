import { gazetteer } from '../gazetteer.ts';
import type { Draws } from '../random.ts';
import { streetOf, type Home } from './places.ts';
import { noted, type PersonRecord } from './personRecord.ts';
import { mistyped, withoutAccents } from './slips.ts';
import type { SourceNoise } from './words.ts';

const { abbreviations } = gazetteer.places;

type Lines = Pick<PersonRecord, 'address' | 'postcode' | 'city' | 'changes'>;

/** A box with its own postcode: CEDEX codes keep the département's two digits and are not the commune's. */
const writeBox = (draws: Draws, { commune }: Home, lines: Lines): void => {
  lines.address = `BP ${draws.whole(10_000, 90_999)}`;
  lines.postcode = commune.postcode.slice(0, 2) + String(draws.whole(900, 979));
  lines.city = `${withoutAccents(commune.name).toUpperCase()} CEDEX`;
  noted(lines, 'cedex');
};

const writtenNumber = (draws: Draws, { number, index }: Home, { address }: SourceNoise, lines: Lines): string => {
  if (draws.chance(address.numberLost)) {
    noted(lines, 'number-lost');
    return '';
  }
  const short = index !== '' && draws.chance(0.4) ? index.slice(1, 2).toUpperCase() : index;
  return `${number}${short}${draws.chance(address.comma) ? ',' : ''} `;
};

const writtenCity = (draws: Draws, { commune }: Home, { address }: SourceNoise): string => {
  if (!draws.chance(address.city)) return commune.name;
  const short = commune.name.replace(/^Sainte-/, 'Ste ').replace(/^Saint-/, 'St ');
  return draws.chance(0.5) ? short.replace(/-/g, ' ') : withoutAccents(short).toUpperCase();
};

/** Fills in address, postcode and city as that source writes them. */
export const writtenHome = (draws: Draws, source: SourceNoise, home: Home, lines: Lines): void => {
  const { address } = source;
  if (draws.chance(address.box)) {
    writeBox(draws, home, lines);
    return;
  }
  const [fullWay, fullName] = streetOf(home);
  const way = draws.chance(address.abbreviated) ? (abbreviations[fullWay] ?? fullWay) : fullWay;
  let name = fullName;
  if (draws.chance(address.typo)) {
    name = mistyped(draws, name);
    noted(lines, 'street-typo');
  }
  const floor = draws.chance(address.floor) ? `Apt ${draws.whole(1, 60)}, ` : '';
  const text = `${floor}${writtenNumber(draws, home, source, lines)}${way} ${name}`;
  lines.address = draws.chance(address.capitals) ? withoutAccents(text).toUpperCase() : text;
  lines.postcode = home.commune.postcode;
  lines.city = writtenCity(draws, home, source);
};
