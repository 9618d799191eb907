import type { DataEngine } from '../contract.ts';
import type { RowStore } from './rowStore.ts';

type User = NonNullable<ReturnType<DataEngine['findUser']>>;

const userNamed = (store: RowStore, username: string): User | undefined => {
  const [row] = store.find('User', 'Username', username);
  if (row === undefined) return undefined;
  return { id: String(row['Id']), username: String(row['Username']), isActive: row['IsActive'] === true };
};

/** Users by username. Every request asks who its user is, so answers are kept until a user changes. */
export const userFinder = (store: RowStore): ((username: string) => User | undefined) => {
  let revision = -1;
  let known = new Map<string, User | undefined>();
  return (username) => {
    const now = store.revision('User');
    if (now !== revision) {
      revision = now;
      known = new Map();
    }
    if (!known.has(username)) known.set(username, userNamed(store, username));
    return known.get(username);
  };
};
