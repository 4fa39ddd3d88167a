import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresDriver } from "../../../../agent/src/drivers/postgres-driver.ts";
import type { Command } from "../../../../contracts/relay/command.ts";
import { type PostgresServer, startPostgres } from "../../../support/postgres-server.ts";

let server: PostgresServer;
let driver: PostgresDriver;

beforeAll(async () => {
  server = await startPostgres();
  const sql = postgres(server.url, { max: 1 });
  await sql`create table things as select i as id, 'thing ' || i as name from generate_series(1, 100) i`;
  await sql.end();
  const limits = { statementTimeoutMs: 300, maxRows: 50, maxBytes: 100_000, connections: 1 };
  driver = new PostgresDriver("postgres:erp", { url: server.url, ...limits });
}, 60_000);
afterAll(async () => {
  await driver.close();
  await server.stop();
});

const command = { verb: "POST", path: "/" } as Command;

async function ask(
  sql: string,
  params: unknown[] = [],
): Promise<{ status: number; answer: Record<string, never> }> {
  const body = new TextEncoder().encode(JSON.stringify({ sql, params }));
  const { status, body: source } = await driver.call({
    command,
    body,
    streams: false,
    signal: new AbortController().signal,
  });
  const parts: Uint8Array[] = [];
  source.start({ data: (bytes) => void parts.push(bytes), end: () => {}, error: () => {} });
  return { status, answer: JSON.parse(Buffer.concat(parts).toString()) };
}

describe("PostgreSQL behind the agent", () => {
  it("answers rows, with parameters, up to a limit", async () => {
    expect(await ask("select name from things where id = $1", [7])).toEqual({
      status: 200,
      answer: { rows: [{ name: "thing 7" }], truncated: false },
    });
    const { answer } = await ask("select * from things");
    expect(answer).toMatchObject({ rows: { length: 50 }, truncated: true });
  });

  it.each([
    ["a write hidden in a query", "with gone as (delete from things returning id) select * from gone", 403],
    ["a second statement", "select 1; delete from things", 422],
    ["a way out of the transaction", "select 1; commit; delete from things", 422],
    ["a write by a function", "select nextval('pg_catalog.x')", 422],
    ["what takes too long", "select pg_sleep(5)", 504],
    ["nonsense", "select * from nowhere", 422],
  ])("refuses %s", async (_, sql, status) => {
    expect((await ask(sql)).status).toBe(status);
    expect((await ask("select count(*)::int as n from things")).answer).toEqual({
      rows: [{ n: 100 }],
      truncated: false,
    });
  });

  it.each([
    "copy things to program 'sh'",
    "delete from things",
    "set transaction read write",
    "do $$ begin end $$",
  ])("does not even send `%s`", (sql) => {
    const permission = driver.judge(command);
    const body = new TextEncoder().encode(JSON.stringify({ sql }));
    expect(permission.allowed && permission.checkBody?.(body)).toEqual(
      expect.stringContaining("Only SELECT"),
    );
  });

  it("takes nothing but POST /", () => {
    expect(driver.judge({ ...command, verb: "GET" })).toMatchObject({ allowed: false });
    expect(driver.judge({ ...command, path: "/x" })).toMatchObject({ allowed: false });
  });

  it("says whether it can be reached", async () => {
    expect(await driver.check()).toMatchObject({
      reachable: true,
      detail: expect.stringContaining("PostgreSQL"),
    });
    const dead = new PostgresDriver("postgres:dead", {
      url: "postgres://a@127.0.0.1:1/x",
      statementTimeoutMs: 1,
      maxRows: 1,
      maxBytes: 1,
      connections: 1,
    });
    expect(await dead.check()).toMatchObject({ reachable: false });
    await dead.close();
  });
});
