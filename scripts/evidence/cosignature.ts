import {
  keyId,
  noteParts,
  noteSigner,
  parseVerifierKey,
  signatureLine,
  verifierKey,
  verifiesText,
  type NoteKey,
  type NoteParts,
} from './signedNote.ts';

/** Cosignatures of witnesses, type Ed25519 with a time (https://c2sp.org/tlog-cosignature). */
const COSIGNATURE = 4;

export type Witness = NoteKey & {
  /** The signature line for a note's text, at a time in seconds since 1970. */
  readonly cosign: (text: string, seconds: number) => string;
};

const message = (text: string, seconds: number | bigint): string => `cosignature/v1\ntime ${seconds}\n${text}`;

/** A witness from 32 secret bytes. */
export const witness = (name: string, seed: Uint8Array): Witness => {
  const signer = noteSigner(name, seed);
  const { publicKey } = signer;
  return {
    ...{ name, publicKey },
    cosign: (text, seconds) => {
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(seconds));
      const signature = Buffer.concat([time, signer.sign(message(text, seconds))]);
      return signatureLine(name, keyId(signer, COSIGNATURE), signature);
    },
  };
};

/** The witness's key as a charter pins it. */
export const witnessKey = (key: NoteKey): string => verifierKey(key, COSIGNATURE);

export const parseWitnessKey = (text: string): NoteKey | undefined => parseVerifierKey(text, COSIGNATURE);

export type Cosigned = {
  readonly key: NoteKey;
  /** When the witness says it saw the checkpoint. */ readonly at: string;
};

const cosignedBy = ({ text, signatures }: NoteParts, key: NoteKey): Cosigned | undefined => {
  const id = keyId(key, COSIGNATURE);
  for (const { name, id: given, signature } of signatures) {
    if (name !== key.name || !given.equals(id) || signature.length !== 72) continue;
    const seconds = signature.readBigUInt64BE();
    if (seconds > 8_640_000_000_000n || !verifiesText(key, message(text, seconds), signature.subarray(8))) continue;
    return { key, at: new Date(Number(seconds) * 1000).toISOString() };
  }
  return undefined;
};

/** Which of the witnesses cosigned this note rightly, and when. */
export const cosignaturesOf = (note: string, keys: readonly NoteKey[]): readonly Cosigned[] => {
  const parts = noteParts(note);
  if (parts === undefined) return [];
  return keys.flatMap((key) => cosignedBy(parts, key) ?? []);
};
