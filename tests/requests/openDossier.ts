import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { Decrypter } from 'age-encryption';

/** Files of a ZIP archive by name, read from its central directory. */
export const unzip = (archive: Uint8Array): ReadonlyMap<string, Buffer> => {
  const bytes = Buffer.from(archive);
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = bytes.readUInt32LE(end + 16);
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i += 1) {
    const packed = bytes.readUInt32LE(at + 20);
    const nameLength = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.subarray(at + 46, at + 46 + nameLength).toString('utf8');
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    files.set(name, inflateRawSync(bytes.subarray(start, start + packed)));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
};

/** Opens a sealed dossier as its recipient would. */
export const openDossier = async (path: string, passphrase: string): Promise<ReadonlyMap<string, Buffer>> => {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  return unzip(await decrypter.decrypt(new Uint8Array(readFileSync(path))));
};
