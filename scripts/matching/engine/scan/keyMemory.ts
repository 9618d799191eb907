const LEAST_ROOM = 1024;

const slotOf = (key: number, mask: number): number => (Math.imul(key, 0x9e3779b1) >>> 11) & mask;

/** Answers above 0 by a key of 32 bits: open addressing in two flat arrays, for it is asked for every pair. */
export class KeyMemory {
  private keys = new Int32Array(LEAST_ROOM);
  private answers = new Int32Array(LEAST_ROOM);
  private held = 0;

  /** 0 for a key that is not held. */
  get(key: number): number {
    const { keys, answers } = this;
    const mask = keys.length - 1;
    let slot = slotOf(key, mask);
    for (;;) {
      const answer = answers[slot] ?? 0;
      if (answer === 0 || keys[slot] === key) return answer;
      slot = (slot + 1) & mask;
    }
  }

  /** For a key that is not held yet. */
  put(key: number, answer: number): void {
    if (this.held * 2 >= this.keys.length) this.grow();
    const mask = this.keys.length - 1;
    let slot = slotOf(key, mask);
    while (this.answers[slot] !== 0) slot = (slot + 1) & mask;
    this.keys[slot] = key;
    this.answers[slot] = answer;
    this.held += 1;
  }

  private grow(): void {
    const { keys, answers } = this;
    this.keys = new Int32Array(keys.length * 2);
    this.answers = new Int32Array(keys.length * 2);
    this.held = 0;
    answers.forEach((answer, slot) => {
      if (answer !== 0) this.put(keys[slot] ?? 0, answer);
    });
  }
}
