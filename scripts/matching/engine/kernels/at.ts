/** What lies at a position; 0 outside. */
export const byteAt = (bytes: Uint8Array, i: number): number => bytes[i] ?? 0;
export const intAt = (values: Int32Array, i: number): number => values[i] ?? 0;
export const numberAt = (values: Float64Array, i: number): number => values[i] ?? 0;
