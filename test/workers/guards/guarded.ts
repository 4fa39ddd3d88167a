import { routes } from "../../../src/routes.ts";
import { newWorld } from "../support/world.ts";
import type { Fixture } from "./fixture.ts";
import { allFixtures } from "./fixtures/all-fixtures.ts";

/** The fixture of an action; the suite fails where there is none. */
export function fixtureOf(action: string): Fixture {
  const fixture = allFixtures[action];
  if (fixture === undefined) throw new Error(`no fixture tells how to call ${action}: add one`);
  return fixture;
}

const actions = routes.map((route) => ({ action: route.operation.action, route }));

/** Every route that a fixture tells how to call, by the name of its action. */
export const guarded = actions.filter(({ action }) => Object.hasOwn(allFixtures, action));

/** Operations that nobody has told how to call: the suite fails while there is one, and the others are still held. */
export const unguarded = actions.filter(({ action }) => !Object.hasOwn(allFixtures, action));

async function open() {
  const [mine, theirs] = [await newWorld(), await newWorld()];
  return {
    mine,
    theirs,
    /** A project of mine, and a key that may do everything but only in another project. */
    project: await mine.project(),
    outsider: await mine.key(["*"], [mine.projectId]),
  };
}

let opened: ReturnType<typeof open> | undefined;

/** Two tenants that share nothing, made once for all guards. */
export function tenants(): ReturnType<typeof open> {
  opened ??= open();
  return opened;
}
