import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { newPerson, type Person } from "./support/maru.ts";

interface Event {
  readonly id: string;
  readonly seq: number | null;
  readonly action: string;
}

describe("the audit log from the command line", () => {
  let person: Person;
  beforeAll(async () => {
    person = await newPerson(inject("e2eEndpoint"), inject("e2eBootstrapToken"));
    for (const name of ["one", "two", "three"])
      await person.json(["api", "access.project.create", "--name", name]);
  });
  afterAll(() => person.leave());

  it("exports events, oldest first", async () => {
    const { stdout } = await person.maru(["audit", "export", "--action", "access.project"]);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Event & { at: string });
    expect(events.map(({ action }) => action)).toEqual(
      ["create", "create", "create"].map((verb) => `access.project.${verb}`),
    );
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
  });

  it("verifies a whole chain with exit code 0, and finds a row that was changed behind its back with exit code 1", async () => {
    const whole = await sealed(person);
    expect(whole.every(({ seq }) => seq !== null)).toBe(true);
    const verified = await person.maru(["audit", "verify"]);
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining("The chain is whole")]);

    const victim = whole.find(({ action }) => action === "access.project.create");
    if (!victim) throw new Error("no project was made");
    changeBehindItsBack(victim.id);
    const fault = await person.maru(["audit", "verify", "--json"]);
    expect(fault.code).toBe(1);
    expect(JSON.parse(fault.stdout)).toMatchObject({
      ok: false,
      firstFault: { kind: "changed", eventId: victim.id, seq: victim.seq },
    });
  });
});

/** Every event of the tenant, once the ledger has chained them. */
async function sealed(person: Person): Promise<readonly Event[]> {
  for (let i = 0; ; i++) {
    const { items } = await person.json<{ items: Event[] }>(["audit", "list", "--all"]);
    if (i === 40 || items.every(({ seq }) => seq !== null)) return items;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Changes a row in the database's file, as somebody with access to the disk could. */
function changeBehindItsBack(eventId: string): void {
  const folder = join(inject("e2eStateDir"), "v3", "d1", "miniflare-D1DatabaseObject");
  const changed = readdirSync(folder)
    .filter((name) => name.endsWith(".sqlite") && !name.startsWith("metadata"))
    .map((name) => {
      const database = new DatabaseSync(join(folder, name));
      try {
        const exists = database.prepare("select 1 from sqlite_master where name = 'audit_events'").get();
        if (!exists) return 0;
        const update = database.prepare(
          "update audit_events set action = 'access.project.read' where id = ?",
        );
        return Number(update.run(eventId).changes);
      } finally {
        database.close();
      }
    });
  expect(changed.reduce((sum, count) => sum + count, 0)).toBe(1);
}
