import { z } from 'zod';

/**
 * The lines of an exported ledger, NDJSON: a header, for each checkpoint its leaves and then the checkpoint, what can be
 * opened, the proofs and what witnesses signed. `proof` is a part of it about one run, without the leaves. Documented in
 * docs/LEDGER.md for whoever writes a verifier of their own.
 */
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/);
const size = z.int().min(0);

export const exportLine = z.union([
  z.strictObject({
    garde: z.enum(['ledger', 'proof']),
    version: z.literal(1),
    origin: z.string(),
    exportedAt: z.string(),
    tool: z.string(),
    /** Verifier keys that the exporting machine trusted; whoever verifies pins their own. */
    keys: z.array(z.string()),
    size,
  }),
  z.strictObject({ leaves: z.array(hex) }),
  z.strictObject({
    checkpoint: z.string(),
    run: z.string().nullable(),
    plan: z.string().nullable(),
    leafFileHash: z.string().nullable(),
    certificateHash: z.string().nullable(),
    /** RFC 3161 token over the checkpoint's text, base64; null = not time-stamped by a third party. */
    timestamp: base64.nullable(),
  }),
  /** A leaf that is opened: HMAC-SHA-256 of the content under the salt is its commitment. */
  z.strictObject({ entry: size, of: size, salt: z.string(), content: z.string(), proof: z.array(base64) }),
  z.strictObject({ consistency: size, of: size, proof: z.array(base64) }),
  z.strictObject({ witness: z.string(), note: z.string() }),
  z.strictObject({ lines: size }),
]);
export type ExportLine = z.infer<typeof exportLine>;
