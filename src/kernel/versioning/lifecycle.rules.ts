import { actorName, personOf } from "../actor-name.ts";
import type { Actor } from "../context.ts";
import { problem } from "../problem.ts";

/** The states of a versioned thing: where a version begins, which moves there are, and which need four eyes. */
export interface Lifecycle<State extends string> {
  /** Begins the problem codes: `prompts.transition_refused`. */
  readonly module: string;
  readonly initial: State;
  readonly moves: Readonly<Record<State, readonly State[]>>;
  /** Moves into these states must be made by somebody else than the author. */
  readonly fourEyes: readonly State[];
  /** What brings a version into a state, for whoever is refused another one. */
  readonly ways?: Readonly<Record<string, string>>;
}

/** An immutable version of a definition with what has become of it. */
export interface Version<State extends string> {
  readonly version: number;
  readonly status: State;
  readonly createdBy: string;
  /** The person who wrote it, also when they used an API key. */
  readonly authorId: string;
}

export interface Mover {
  /** As events name them: `user:usr_1`. */
  readonly name: string;
  /** The person: the owner of an API key, else the actor. */
  readonly person: string;
}

/** Who moves a version. */
export function moverOf(actor: Actor): Mover {
  return { name: actorName(actor), person: personOf(actor) };
}

/**
 * The version in its next state.
 * @throws conflict `<module>.transition_refused` with the moves that there are, forbidden `<module>.approver_is_author`
 */
export function moveVersion<State extends string, Row extends Version<State>>(
  lifecycle: Lifecycle<State>,
  version: Row,
  to: State,
  mover: Mover,
): Row {
  const allowed = lifecycle.moves[version.status];
  if (!allowed.includes(to)) {
    throw problem(
      "conflict",
      `${lifecycle.module}.transition_refused`,
      `Version ${version.version} is ${version.status}; it can't become ${to}. ${nextOf(lifecycle.ways, allowed)}`,
      { data: { status: version.status, allowed } },
    );
  }
  const isAuthor = version.createdBy === mover.name || version.authorId === mover.person;
  if (lifecycle.fourEyes.includes(to) && isAuthor) {
    throw problem(
      "forbidden",
      `${lifecycle.module}.approver_is_author`,
      "Whoever wrote a version can't approve it; ask somebody else.",
    );
  }
  return { ...version, status: to };
}

/** What may be done instead. */
function nextOf(ways: Readonly<Record<string, string>> | undefined, allowed: readonly string[]): string {
  const named = allowed.map((state) => [state, ways?.[state]].filter((part) => part !== undefined).join(" "));
  return named.length === 0
    ? "It stays as it is; add another version."
    : `It can become ${named.join(" or ")}.`;
}
