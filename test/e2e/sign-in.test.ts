import { readFileSync, statSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { newPerson, type Person } from "./support/maru.ts";

interface Config {
  current: string;
  profiles: Record<string, { endpoint: string; session?: { accessExpiresAt: number; refreshToken: string } }>;
}

describe("signing in", () => {
  let person: Person;
  beforeAll(async () => {
    person = await newPerson(inject("e2eEndpoint"), inject("e2eBootstrapToken"));
  });
  afterAll(() => person.leave());

  it("keeps the session where only its owner can read it, and no password", async () => {
    expect(statSync(person.configFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(person.configFile, "utf8")).not.toContain(person.password);
    const me = await person.json<{ tenant: { slug: string }; actor: { role: string } }>(["whoami"]);
    expect(me).toMatchObject({ tenant: { slug: person.tenant }, actor: { role: "admin" } });
  });

  it("refuses a wrong password with exit code 77 and says what to do", async () => {
    const args = [
      "login",
      "--tenant",
      person.tenant,
      "--email",
      person.email,
      "--stdin",
      "--auth-profile",
      "wrong",
    ];
    const ended = await person.maru(args, { stdin: "not the password" });
    expect(ended.code).toBe(77);
    expect(ended.stderr).toContain("access.credentials_wrong");
    expect(ended.stderr).not.toContain("not the password");
  });

  it("refreshes an expired session once, however many commands need it at once", async () => {
    const config = JSON.parse(readFileSync(person.configFile, "utf8")) as Config;
    const session = config.profiles.default?.session;
    if (!session) throw new Error("there is no session");
    const before = session.refreshToken;
    session.accessExpiresAt = 0;
    writeFileSync(person.configFile, JSON.stringify(config));
    const ended = await Promise.all([1, 2, 3].map(() => person.maru(["whoami", "--json"])));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    const after = JSON.parse(readFileSync(person.configFile, "utf8")) as Config;
    expect(after.profiles.default?.session?.refreshToken).not.toBe(before);
    expect((await person.maru(["whoami"])).code).toBe(0);
  });

  it("never sends stored credentials to another server", async () => {
    const args = ["whoami", "--endpoint", "http://localhost:1", "--auth-profile", "default"];
    const ended = await person.maru(args);
    expect(ended.code).toBe(77);
    expect(ended.stderr).toContain("its credentials are not sent to");
  });

  it("makes a key that works at once and stops at once", async () => {
    const made = await person.json<{ id: string; key: string }>([
      "keys",
      "create",
      "--name",
      "ci",
      "--scopes",
      "runs:read",
    ]);
    const env = { MARU_API_KEY: made.key };
    expect((await person.maru(["runs", "list"], { env })).code).toBe(0);
    const refused = await person.maru(["keys", "list"], { env });
    expect(refused.code).toBe(77);
    expect(refused.stderr).toContain('lacks the scope "keys:read"');
    const typo = `${made.key.slice(0, -1)}${made.key.endsWith("a") ? "b" : "a"}`;
    expect((await person.maru(["runs", "list"], { env: { MARU_API_KEY: typo } })).code).toBe(77);
    expect((await person.maru(["keys", "revoke", made.id])).code).toBe(0);
    expect((await person.maru(["runs", "list"], { env })).code).toBe(77);
  });

  it("stores a secret that nothing shows again", async () => {
    const value = "sk-never-shown-again";
    expect((await person.maru(["secrets", "set", "model-key", "--stdin"], { stdin: value })).code).toBe(0);
    const listed = await person.maru(["secrets", "list", "--json"]);
    const events = await person.maru(["audit", "list", "--all", "--json"]);
    expect(listed.stdout).toContain("model-key");
    expect(listed.stdout + events.stdout).not.toContain(value);
  });

  it("signs out: the session is over and its credentials are forgotten", async () => {
    const other = ["--auth-profile", "second"];
    const login = ["login", "--tenant", person.tenant, "--email", person.email, "--stdin", ...other];
    expect((await person.maru(login, { stdin: person.password })).code).toBe(0);
    const { refreshToken } =
      (JSON.parse(readFileSync(person.configFile, "utf8")) as Config).profiles.second?.session ?? {};
    expect((await person.maru(["logout", ...other])).code).toBe(0);
    expect((await person.maru(["whoami", ...other])).code).toBe(77);
    const response = await fetch(`${inject("e2eEndpoint")}/v1/sessions:refresh`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ refreshToken }),
    });
    expect(response.status).toBe(401);
  });
});
