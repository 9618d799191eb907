import { plainCharacters } from '../../subject/foldText.ts';
import type { Detector } from './detector.ts';
import { hasNearby, standingAlone } from './nearbyWords.ts';

/** Numbers without a check digit: only with a word that says what they are. */
const worded = (
  key: string,
  category: string,
  options: { readonly pattern: RegExp; readonly words: readonly string[] },
): Detector => ({
  key,
  category,
  detect: (text) => {
    const plain = plainCharacters(text);
    return standingAlone(plain, options.pattern)
      .filter((match) => /\d/.test(match[0]))
      .filter((match) => hasNearby(plain, match.index, match.index + match[0].length, options.words))
      .map((match) => ({ start: match.index, end: match.index + match[0].length, certain: true }));
  },
});

export const passport = worded('passport', 'user.government_id.passport_number', {
  pattern: /\d{2}[A-Za-z]{2}\d{5}/g,
  words: ['passeport*', 'passport*'],
});

export const identityCard = worded('identity-card', 'user.government_id', {
  pattern: /\d{12}|[A-Za-z0-9]{9}/g,
  words: ['cni', 'cin', "carte d'identite", 'carte nationale', 'identity card', "piece d'identite"],
});

export const drivingLicence = worded('driving-licence', 'user.government_id.drivers_license_number', {
  pattern: /\d{12}/g,
  words: ['permis', 'driving licen*', "driver's licen*"],
});

export const vehiclePlate = worded('vehicle-plate', 'user.government_id.vehicle_registration', {
  pattern: /[A-Za-z]{2}[ -]?\d{3}[ -]?[A-Za-z]{2}/g,
  words: ['plaque', 'immatricul*', 'vehicule', 'voiture', 'camion', 'scooter', 'licence plate', 'registration'],
});
