/** Typed arrays over memory that threads share, zero-filled. */
export const sharedInts = (length: number): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(Math.max(1, length) * 4)).subarray(0, length);
export const sharedWords = (length: number): Uint32Array<SharedArrayBuffer> =>
  new Uint32Array(new SharedArrayBuffer(Math.max(1, length) * 4)).subarray(0, length);
export const sharedBytes = (length: number): Uint8Array<SharedArrayBuffer> =>
  new Uint8Array(new SharedArrayBuffer(Math.max(1, length))).subarray(0, length);

export const sharedCopyOfInts = (values: Int32Array): Int32Array => {
  const copy = sharedInts(values.length);
  copy.set(values);
  return copy;
};
export const sharedCopyOfBytes = (values: Uint8Array): Uint8Array => {
  const copy = sharedBytes(values.length);
  copy.set(values);
  return copy;
};
export const sharedCopyOfWords = (values: Uint32Array): Uint32Array => {
  const copy = sharedWords(values.length);
  copy.set(values);
  return copy;
};
