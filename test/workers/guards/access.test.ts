import { describe, expect, it } from "vitest";
import { lineOf, optionsOf } from "./fixture.ts";
import { allFixtures } from "./fixtures/all-fixtures.ts";
import { fixtureOf, guarded, tenants, unguarded } from "./guarded.ts";

it("has a fixture for every operation and for nothing else", () => {
  expect(unguarded.map(({ action }) => action)).toEqual([]);
  expect(Object.keys(allFixtures).sort()).toEqual(guarded.map(({ action }) => action).sort());
});

const closed = guarded.filter(({ route }) => route.operation.scope !== "public");

describe.each(closed)("$action", ({ action, route }) => {
  const { scope } = route.operation;

  it("refuses nobody with 401 and tells how to sign in", async () => {
    const { mine } = await tenants();
    const answer = await mine.call(lineOf(route, {}), { as: null });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(answer.body.code).toBe("access.credentials_missing");
  });

  if (scope !== "signed_in")
    it("refuses a key that lacks the scope with 403 and names it", async () => {
      const { mine } = await tenants();
      const answer = await mine.call(lineOf(route, {}), { as: await mine.keyWithout(scope) });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: "access.scope_missing", data: { scope } });
      expect(answer.body.detail).toContain(scope);
    });

  const fixture = fixtureOf(action);
  const named = route.params.length > 0 && !fixture.makesItsName;

  if (named)
    it("answers 404 for what another tenant's path names", async () => {
      const { mine, theirs } = await tenants();
      const { as: _, ...call } = await fixture.prepare(mine);
      const answer = await theirs.call(lineOf(route, call), optionsOf(call));
      expect([answer.status, answer.body?.title], answer.text).toEqual([404, "There is no such resource"]);
    });

  if (fixture.references)
    it("refuses what another tenant's thing is named in", async () => {
      const { mine, theirs } = await tenants();
      for (const [field, status] of Object.entries(fixture.references ?? {})) {
        const call = withField(await fixture.prepare(theirs), field, await fixture.prepare(mine));
        const answer = await theirs.call(lineOf(route, call), optionsOf(call));
        expect([field, answer.status], answer.text).toEqual([field, status]);
      }
    });

  if (fixture.byProject && !fixture.open)
    it("hides a project from a key held to another", async () => {
      const { mine, project, outsider } = await tenants();
      const call = await fixture.prepare(mine, project);
      const answer = await mine.call(lineOf(route, call), { ...optionsOf(call), as: outsider });
      expect(answer.status, answer.text).toBe(fixture.byProject);
    });
});

type AnyCall = Awaited<ReturnType<ReturnType<typeof fixtureOf>["prepare"]>>;

/** The call with one field of its body or query taken from another call. */
function withField(call: AnyCall, field: string, from: AnyCall): AnyCall {
  const { query } = call;
  if (query && field in query) return { ...call, query: { ...query, [field]: from.query?.[field] ?? "" } };
  const json = structuredClone(call.json);
  const path = field.split(".");
  const last = path.pop() ?? "";
  const at = (root: unknown) => path.reduce((value, key) => Reflect.get(Object(value), key), root);
  const [target, source] = [at(json), at(from.json)];
  if (!Object.hasOwn(Object(target), last)) throw new Error(`the fixture has no field ${field}`);
  Reflect.set(Object(target), last, Reflect.get(Object(source), last));
  return { ...call, ...(json ? { json } : {}) };
}
