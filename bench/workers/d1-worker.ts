import { DurableObject } from "cloudflare:workers";

interface Query {
  readonly sql: string;
  readonly params?: readonly (string | number | null)[] | null;
}

/** A database that speaks D1's protocol over an object's SQLite, so that Workers on `workerd serve` have a DB binding. */
export class Database extends DurableObject {
  override async fetch(request: Request): Promise<Response> {
    const body = await request.json<Query | Query[]>();
    const asRows = new URL(request.url).searchParams.get("resultsFormat") === "ROWS_AND_COLUMNS";
    try {
      const queries = Array.isArray(body) ? body : [body];
      return Response.json(
        this.ctx.storage.transactionSync(() => queries.map((query) => this.#run(query, asRows))),
      );
    } catch (error) {
      return Response.json({ success: false, error: error instanceof Error ? error.message : String(error) });
    }
  }

  #run({ sql, params }: Query, asRows: boolean) {
    const cursor = this.ctx.storage.sql.exec(sql, ...(params ?? []));
    const results = asRows ? { rows: [...cursor.raw()], columns: cursor.columnNames } : cursor.toArray();
    const { rowsRead, rowsWritten } = cursor;
    const meta = {
      duration: 0,
      changes: rowsWritten,
      last_row_id: 0,
      changed_db: rowsWritten > 0,
      size_after: 0,
    };
    return { success: true, results, meta: { ...meta, rows_read: rowsRead, rows_written: rowsWritten } };
  }
}

export default {
  fetch(request, env) {
    if (request.method === "GET") return new Response("ok");
    return env.DATABASE.getByName("db").fetch(request);
  },
} satisfies ExportedHandler<{ DATABASE: DurableObjectNamespace<Database> }>;
