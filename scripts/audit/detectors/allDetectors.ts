import { iban, rib } from './bankAccounts.ts';
import { birthDate } from './birthDate.ts';
import { frenchVat, siren, siret } from './companyNumbers.ts';
import { email, phone } from './contactPoints.ts';
import type { Detection, DetectionContext, Detector } from './detector.ts';
import { belgianNumber, italianCode, spanishNumber } from './foreignNumbers.ts';
import { drivingLicence, identityCard, passport, vehiclePlate } from './identityDocuments.ts';
import { ipAddress } from './ipAddress.ts';
import { nir } from './nir.ts';
import { paymentCard } from './paymentCard.ts';

/** Every detector of identifiers, the most telling first: a stretch of text is given to the first that claims it. */
export const ALL_DETECTORS: readonly Detector[] = [
  nir,
  iban,
  rib,
  frenchVat,
  siret,
  paymentCard,
  passport,
  identityCard,
  drivingLicence,
  vehiclePlate,
  belgianNumber,
  spanishNumber,
  italianCode,
  siren,
  birthDate,
  email,
  ipAddress,
  phone,
];

export type Identified = Detection & { readonly detector: Detector };

/** Identifiers in a text, none overlapping another. */
export const identify = (
  text: string,
  context: DetectionContext,
  detectors: readonly Detector[] = ALL_DETECTORS,
): readonly Identified[] => {
  const taken: Identified[] = [];
  for (const detector of detectors) {
    for (const detection of detector.detect(text, context)) {
      const overlaps = taken.some((one) => detection.start < one.end && one.start < detection.end);
      if (!overlaps) taken.push({ ...detection, detector });
    }
  }
  return taken.sort((a, b) => a.start - b.start);
};
