import type { Actor } from "./context.ts";

/** Who acts, as rows, events and logs name it: `user:usr_1`. */
export function actorName({ kind, id }: Pick<Actor, "kind" | "id">): string {
  return `${kind}:${id}`;
}

/** The id of the person who acts: the owner of an API key, else the actor. */
export function personOf({ ownerId, id }: Actor): string {
  return ownerId ?? id;
}
