import { emailsIn, phonesIn } from '../../subject/identifiers.ts';
import type { Detector } from './detector.ts';

export const email: Detector = {
  key: 'email',
  category: 'user.contact.email',
  detect: (text) => emailsIn(text).map(({ start, end }) => ({ start, end, certain: true })),
};

export const phone: Detector = {
  key: 'phone',
  category: 'user.contact.phone_number',
  detect: (text, { country }) => phonesIn(text, country).map(({ start, end }) => ({ start, end, certain: true })),
};
