import type { Knowledge } from '../knowledge/contract.ts';

/** Numbers that are kept: those that tell a country's plan come again with every record that is looked up. */
const KEPT = 8192;

/** Knowledge that remembers what it said of telephone numbers, which costs most of all to ask. */
export const steadyKnowledge = (knowledge: Knowledge): Knowledge => {
  const known = new Map<string, ReturnType<Knowledge['phone']>>();
  return {
    ...knowledge,
    phone: (text, country) => {
      const key = `${country ?? ''} ${text}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const phone = knowledge.phone(text, country);
      if (known.size >= KEPT) known.clear();
      known.set(key, phone);
      return phone;
    },
  };
};
