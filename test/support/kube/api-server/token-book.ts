import type { TokenBook, User } from "../words.ts";

/** Bearer tokens in memory. */
export function tokenBook(initial: Readonly<Record<string, User>>, numbers: () => number): TokenBook {
  const users = new Map(Object.entries(initial));
  return {
    issue(user, token) {
      const issued = token ?? `token-${letters(numbers, 5)}:${letters(numbers, 54)}`;
      users.set(issued, user);
      return issued;
    },
    find: (token) => users.get(token),
    revoke(token) {
      users.delete(token);
    },
  };
}

function letters(numbers: () => number, count: number): string {
  return Array.from({ length: count }, () => Math.floor(numbers() * 36).toString(36)).join("");
}
