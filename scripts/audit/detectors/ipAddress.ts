import { isIPv4, isIPv6 } from 'node:net';
import type { Detector } from './detector.ts';
import { hasNearby } from './nearbyWords.ts';

const V4 = /(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)/gu;
const V6 = /(?<![\p{L}\p{N}:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\p{L}\p{N}:])/gu;
const VERSION_WORDS = ['version', 'v.', 'release', 'build', 'paragraphe', 'article', 'chapitre', '§'];

export const ipAddress: Detector = {
  key: 'ip-address',
  category: 'user.device.ip_address',
  detect: (text) => {
    const four = [...text.matchAll(V4)].filter(
      (match) => isIPv4(match[0]) && !hasNearby(text, match.index, match.index, VERSION_WORDS),
    );
    const six = [...text.matchAll(V6)].filter((match) => isIPv6(match[0]) && /[0-9A-Fa-f]/.test(match[0]));
    return [...four, ...six].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      certain: true,
    }));
  },
};
