import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { World } from "../support/world.ts";
import type { Call, Fixture } from "./fixture.ts";
import { lineOf, optionsOf } from "./fixture.ts";
import { fixtureOf, guarded, tenants } from "./guarded.ts";

const isList = (output: unknown): boolean => output instanceof z.ZodObject && "nextCursor" in output.shape;
const lists = guarded.filter(
  ({ action, route }) => isList(route.operation.output) && !fixtureOf(action).isFixedList,
);
type Route = (typeof guarded)[number]["route"];

it("knows every list", () => {
  expect(lists.length).toBeGreaterThan(12);
});

describe.each(lists)("$action", ({ action, route }) => {
  const fixture = fixtureOf(action);

  it("gives everything once, page by page, while more comes in", async () => {
    const { mine, theirs } = await tenants();
    const opened = await mustOpen(fixture, mine);
    const foreign = await mustOpen(fixture, theirs);
    const seen = await walk(route, fixture, mine, opened.call, async () => {
      await opened.insert?.();
    });
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([...opened.ids]));
    if (route.params.length === 0) for (const id of foreign.ids) expect(seen).not.toContain(id);
  });

  it("refuses a cursor that it didn't give", async () => {
    const { mine } = await tenants();
    const call = await fixture.prepare(mine);
    for (const cursor of ["nonsense", btoa("[1,2]"), btoa('{"a":1}')]) {
      const answer = await mine.call(lineOf(route, { ...call, query: { ...call.query, cursor } }));
      expect([cursor, answer.status], answer.text).toEqual([cursor, 422]);
      expect(answer.body.errors[0].pointer).toBe("/query/cursor");
    }
    const answer = await mine.call(lineOf(route, { ...call, query: { ...call.query, limit: "0" } }));
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, "/query/limit"]);
  });

  if (fixture.byProject)
    it("shows nothing of a project to a key held to another", async () => {
      const { mine, project, outsider } = await tenants();
      const opened = await mustOpen(fixture, mine, project);
      if (route.params.length > 0) {
        const answer = await mine.call(lineOf(route, opened.call), { as: outsider });
        expect(answer.status).toBe(fixture.byProject);
        return;
      }
      const seen = await walk(route, fixture, mine, { ...opened.call, as: outsider });
      for (const id of opened.ids) expect(seen).not.toContain(id);
    });
});

function mustOpen(fixture: Fixture, world: World, projectId?: string) {
  if (fixture.open === undefined) throw new Error("the fixture of a list must open it");
  return fixture.open(world, projectId);
}

/** The ids of a whole list in pages of two; `between` happens after the first page. */
async function walk(
  route: Route,
  { idOf = ({ id }) => String(id) }: Fixture,
  world: World,
  call: Call,
  between?: () => Promise<void>,
): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { ...call.query, limit: "2", ...(cursor === undefined ? {} : { cursor }) };
    const { body } = await world.ok(lineOf(route, { ...call, query }), optionsOf(call));
    expect(body.items.length).toBeLessThanOrEqual(2);
    seen.push(...body.items.map(idOf));
    if (cursor === undefined) await between?.();
    cursor = body.nextCursor;
  }
  return seen;
}
