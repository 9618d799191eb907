/** Into which of so many rooms an id belongs. */
export type RoomOf = (id: string) => number;

/** Rooms of ids between marks, in the order of ids: the first holds all up to the first mark. */
export const roomsBetween = (marks: readonly string[]): RoomOf => {
  const search = (id: string): number => {
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle] ?? '') < id) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  let last = 0;
  const isIn = (id: string, room: number): boolean =>
    (room === 0 || (marks[room - 1] ?? '') < id) && (room === marks.length || id <= (marks[room] ?? ''));
  return (id) => {
    // ids made together are mostly read together
    if (!isIn(id, last)) last = search(id);
    return last;
  };
};

/** Rooms of ids nobody knows the order of: those that are equal share one. */
export const roomsByHash =
  (count: number): RoomOf =>
  (id) => {
    let hash = 0;
    for (let i = 3; i < id.length; i += 1) hash = (Math.imul(hash, 31) + id.charCodeAt(i)) >>> 0;
    return hash % count;
  };

/** The object of a record by the first three characters of its id, as a number. */
export const keyPrefix = (id: string): number => (id.charCodeAt(0) << 16) ^ (id.charCodeAt(1) << 8) ^ id.charCodeAt(2);
