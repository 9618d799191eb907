import { generateX25519Identity, identityToRecipient } from 'age-encryption';

/** A recovery key as `age-keygen` makes one: the secret half, which its owner keeps offline, and the public one. */
export const newRecoveryKey = async (): Promise<{ readonly identity: string; readonly recipient: string }> => {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
};
