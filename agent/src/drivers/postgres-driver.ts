import { readFileSync } from "node:fs";
import postgres from "postgres";
import * as z from "zod";
import type { Command } from "../../../contracts/relay/command.ts";
import type { PostgresLink } from "../config/config.ts";
import { type Driver, type DriverAnswer, type DriverCall, DriverFailure, type Permission } from "./driver.ts";
import { wholeBody } from "./upstream.ts";

const Query = z.strictObject({
  sql: z.string().min(1).max(100_000),
  params: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .max(1000)
    .default([]),
});

/** One statement that can only read; what the server would accept beyond it in a read-only transaction, such as COPY … TO PROGRAM, is not among them. */
const reading = /^(?:\s|--[^\n]*\n|\/\*[^*]*\*\/)*(?:select|with|table|values|show|explain)\b/i;

/** Read-only questions to a PostgreSQL that the local administrator has named: `POST /` with `{sql, params}`. */
export class PostgresDriver implements Driver {
  readonly name: string;
  readonly #link: PostgresLink;
  readonly #sql: postgres.Sql;

  constructor(name: string, link: PostgresLink) {
    this.name = name;
    this.#link = link;
    const url = link.urlFile === undefined ? link.url : readFileSync(link.urlFile, "utf8").trim();
    if (url === undefined) throw new Error(`${name} needs url or urlFile in agent.yaml.`);
    this.#sql = postgres(url, {
      max: link.connections,
      connect_timeout: 10,
      idle_timeout: 60,
      onnotice: () => {},
      connection: {
        application_name: "maru-agent",
        default_transaction_read_only: true,
        statement_timeout: link.statementTimeoutMs,
      },
    });
  }

  judge(command: Command): Permission {
    if (command.verb === "POST" && command.path === "/") {
      return { allowed: true, maxBodyBytes: 1024 * 1024, takesPieces: false, checkBody: refuseQuery };
    }
    return {
      allowed: false,
      code: "policy_refused",
      detail: `${this.name} takes POST / with {sql, params} only.`,
    };
  }

  async call({ body, signal }: DriverCall): Promise<DriverAnswer> {
    const query = readQuery(body ?? new Uint8Array());
    if (query === undefined) throw new DriverFailure("policy_refused", "The body is no {sql, params}.");
    try {
      const answer = await this.#run(query, signal);
      return answerOf(200, answer);
    } catch (error) {
      if (error instanceof DriverFailure) throw error;
      if (error instanceof postgres.PostgresError) return answerOf(statusOf(error.code), describe(error));
      const what = error instanceof Error ? error.message || String(error) : String(error);
      throw new DriverFailure("upstream_unreachable", `${this.name} can't be reached: ${what}`);
    }
  }

  async #run({ sql, params }: z.infer<typeof Query>, signal: AbortSignal): Promise<object> {
    const { maxRows, maxBytes } = this.#link;
    const connection = await this.#sql.reserve();
    try {
      await connection.unsafe("begin read only");
      // Without `simple: false` a query without parameters may hold several statements, and so leave the transaction.
      const options = { prepare: false, simple: false } as postgres.UnsafeQueryOptions;
      const query = connection.unsafe(sql, params as postgres.ParameterOrJSON<never>[], options);
      const cancel = (): void => {
        query.cancel();
      };
      signal.addEventListener("abort", cancel, { once: true });
      try {
        return await gather(query, maxRows, maxBytes);
      } finally {
        signal.removeEventListener("abort", cancel);
      }
    } finally {
      await connection.unsafe("rollback").catch(() => {});
      connection.release();
    }
  }

  async check(): Promise<{ reachable: boolean; detail: string }> {
    try {
      const [row] = await this.#sql`select version() as version`;
      return { reachable: true, detail: String(row?.["version"] ?? "").split(" on ")[0] ?? "" };
    } catch (error) {
      return {
        reachable: false,
        detail: error instanceof Error ? error.message || String(error) : String(error),
      };
    }
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 2 });
  }
}

async function gather(
  query: postgres.PendingQuery<(postgres.Row & Iterable<postgres.Row>)[]>,
  maxRows: number,
  maxBytes: number,
): Promise<object> {
  const rows: postgres.Row[] = [];
  let bytes = 0;
  let truncated = false;
  for await (const batch of query.cursor(Math.min(500, maxRows + 1))) {
    for (const row of batch) {
      bytes += JSON.stringify(row, plainNumbers).length;
      if (rows.length >= maxRows || bytes > maxBytes) truncated = true;
      else rows.push(row);
      if (truncated) break;
    }
    if (truncated) break;
  }
  return { rows, truncated };
}

function plainNumbers(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

function answerOf(status: number, answer: object): DriverAnswer {
  const bytes = new TextEncoder().encode(JSON.stringify(answer, plainNumbers));
  return { status, headers: { "content-type": "application/json" }, body: wholeBody(bytes), lasts: false };
}

function readQuery(body: Uint8Array): z.infer<typeof Query> | undefined {
  try {
    return Query.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    return undefined;
  }
}

function refuseQuery(body: Uint8Array): string | undefined {
  const query = readQuery(body);
  if (query === undefined) return "The body is no {sql, params}.";
  return reading.test(query.sql)
    ? undefined
    : "Only SELECT, WITH, TABLE, VALUES, SHOW and EXPLAIN are let through.";
}

function statusOf(code: string): number {
  if (code === "57014") return 504;
  if (code === "25006" || code.startsWith("42501")) return 403;
  return code.startsWith("08") || code.startsWith("57P") || code.startsWith("53") ? 503 : 422;
}

function describe(error: InstanceType<typeof postgres.PostgresError>): object {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.position ? { position: Number(error.position) } : {}),
    },
  };
}
