import { problem } from "../../../kernel/problem.ts";
import type { SourceRow } from "../tables.ts";
import { escapeName } from "./check.ts";
import { compileSchema } from "./compile-schema.ts";

/**
 * Refuses schemas that the gate can't check events with.
 * @throws invalid_input `sources.schema` with a pointer to each place
 */
export function mustHaveSchemas(types: SourceRow["types"]): void {
  const errors = Object.entries(types).flatMap(([type, schema]) => {
    const outcome = compileSchema(schema);
    if (outcome.ok) return [];
    return outcome.problems.map((one) => ({ ...one, pointer: `/types/${escapeName(type)}${one.pointer}` }));
  });
  if (errors.length > 0)
    throw problem("invalid_input", "sources.schema", errors[0]?.message ?? "", {
      errors: errors.slice(0, 100),
    });
}
