import { afterEach, beforeEach, expect, it } from "vitest";
import { accessApp, goodPassword, routes } from "../support/access-app.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

describeOnEachDatabase("every operation of access and secrets", (open) => {
  let app: ReturnType<typeof accessApp>;
  beforeEach(() => {
    app = accessApp(open);
  });
  afterEach(() => app.close());

  const guarded = routes.filter(({ operation }) => operation.scope !== "public");
  const bodies: Readonly<Record<string, unknown>> = {
    "access.key.create": { name: "k", scopes: ["runs:read"] },
    "access.project.create": { name: "fresh" },
    "access.user.create": { email: "fresh@example.com", name: "F", role: "viewer", password: goodPassword },
    "access.user.reset_password": { password: goodPassword },
    "access.me.change_password": { currentPassword: goodPassword, newPassword: "a new long password" },
    "secrets.secret.put": { value: "sk-hush" },
  };
  type Ids = Readonly<Record<string, string>>;

  function ask({ operation, method, path }: (typeof routes)[number], as: string | undefined, ids: Ids = {}) {
    const filled = path.replace("{id}", ids[path.split("/")[2] ?? ""] ?? "x").replace("{name}", "SECRET");
    const hasBody = method !== "GET" && method !== "DELETE";
    return app.call(method, filled, { as, ...(hasBody ? { body: bodies[operation.action] ?? {} } : {}) });
  }

  it("refuses nobody with 401 and a caller without the scope with 403", async () => {
    const { key } = await app.bootstrap();
    const { body: scopeless } = await app.newKey(key, { scopes: ["metrics:read"] });
    for (const route of guarded) {
      const { action, scope } = route.operation;
      expect([action, (await ask(route, undefined)).status]).toEqual([action, 401]);
      if (scope === "signed_in") continue;
      expect([action, (await ask(route, scopeless.key)).status]).toEqual([action, 403]);
    }
  });

  it("answers 404 for another tenant's resource, and leaves it and its events alone", async () => {
    const [mine, theirs] = [await app.bootstrap(), await app.bootstrap()];
    await app.call("PUT", "/v1/secrets/SECRET", { as: theirs.key, body: { value: "theirs" } });
    const ids = {
      tenants: theirs.tenantId,
      projects: theirs.project.id,
      users: theirs.admin.id,
      keys: theirs.apiKey.id,
    };
    const before = await app.stored(theirs.tenantId);
    const named = guarded.filter(
      ({ operation }) => operation.resource && operation.action !== "secrets.secret.put",
    );
    expect(named.length).toBeGreaterThan(12);
    for (const route of named) {
      const { action } = route.operation;
      expect([action, (await ask(route, mine.key, ids)).status]).toEqual([action, 404]);
    }
    expect(await app.stored(theirs.tenantId)).toBe(before);
  });

  it("leaves exactly one event, with its own action, when it writes", async () => {
    const { key, tenantId, slug } = await app.bootstrap();
    const user = (await app.newUser(key)).body;
    const project = (await app.call("POST", "/v1/projects", { as: key, body: { name: "of its own" } })).body;
    const apiKey = (await app.newKey(key)).body;
    const ids = { tenants: tenantId, projects: project.id, users: user.id, keys: apiKey.id };
    const last = [
      "access.key.revoke",
      "access.project.delete",
      "access.user.delete",
      "secrets.secret.delete",
    ];
    const writes = guarded.filter(({ operation }) => operation.effect === "write");
    const ordered = [
      ...writes.filter(({ operation }) => !last.includes(operation.action)),
      ...writes.filter(({ operation }) => last.includes(operation.action)),
    ];
    expect(ordered.length).toBeGreaterThan(13);
    for (const route of ordered) {
      const { action } = route.operation;
      const isOwn = action === "access.me.change_password";
      const as = isOwn ? (await app.signIn(slug, "dev@example.com")).body.accessToken : key;
      const before = new Set((await app.events(tenantId)).map(({ id }) => id));
      const { status, body } = await ask(route, as, ids);
      expect([action, status < 300, body.code]).toEqual([action, true, undefined]);
      // What a write brings about elsewhere is the system's own event, and may come at any time.
      const added = (await app.events(tenantId)).filter(
        ({ id, actorKind }) => !before.has(id) && actorKind !== "system",
      );
      expect(added.map((event) => event.action)).toEqual([action]);
    }
  });
});
