import type { Ctx } from "../../kernel/context.ts";
import { orNameTaken } from "../../kernel/name-taken.ts";
import { expectVersion } from "../../kernel/operation.ts";
import { mustChangeWithin } from "../../kernel/project-reach.ts";
import { mustFindSource } from "./find-source.ts";
import { mustBeProvable } from "./proof.rules.ts";
import { forgetSource } from "./remembered-sources.ts";
import { mustHaveSchemas } from "./schema/must-have-schemas.ts";
import { type Source, sourceOf } from "./schemas.ts";
import { replaceSource } from "./store.ts";
import type { SourceRow } from "./tables.ts";

/** Replaces a source by what `change` makes of it, with the event; the caller's version must be the one that stands. */
export async function changeSource(
  ctx: Ctx,
  id: string,
  change: (before: SourceRow) => Partial<SourceRow>,
): Promise<Source> {
  const before = await mustFindSource(ctx, id);
  mustChangeWithin(ctx.actor, before.projectId);
  expectVersion(ctx, before.version);
  const row: SourceRow = {
    ...before,
    ...change(before),
    updatedAt: ctx.now,
    version: before.version + 1,
    writeId: ctx.newId("wr"),
  };
  mustBeProvable(row.kind, row.proof, row.secrets);
  mustHaveSchemas(row.types);
  const saved = sourceOf(row);
  await orNameTaken(
    ctx.write(
      {
        entity: `source:${id}`,
        before: sourceOf(before),
        after: saved,
        ...(before.projectId === null ? {} : { projectId: before.projectId }),
      },
      (q) => replaceSource(q, row, before.version),
    ),
    { code: "sources.name_taken", noun: "source", name: row.name, pointer: "/name" },
  );
  forgetSource(id);
  return saved;
}
