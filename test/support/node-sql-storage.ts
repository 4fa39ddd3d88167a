import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { Sql } from "../../durable-objects/jobs/sql.ts";

export interface NodeSql extends Sql {
  readonly database: DatabaseSync;
}

/** Node's SQLite in the shape of an object's storage, so that object stores can be tested without workerd. */
export function nodeSqlStorage(steps: readonly string[], path = ":memory:"): NodeSql {
  const database = new DatabaseSync(path);
  const prepared = new Map<string, StatementSync>();
  for (const step of steps) database.exec(step);
  return {
    database,
    exec<T>(query: string, ...bindings: unknown[]) {
      let statement = prepared.get(query);
      if (statement === undefined) {
        statement = database.prepare(query);
        prepared.set(query, statement);
      }
      const rows = statement.all(...(bindings as SQLInputValue[])) as T[];
      return { toArray: () => rows };
    },
  };
}
