import { actorName } from "../../../kernel/actor-name.ts";
import { orNameTaken } from "../../../kernel/name-taken.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { mustFindProject, onlyOnce } from "../../access/index.ts";
import { newToken } from "../new-token.ts";
import { mustBeProvable } from "../proof.rules.ts";
import { mustHaveSchemas } from "../schema/must-have-schemas.ts";
import { CreateSource, SourceWithToken, sourceOf } from "../schemas.ts";
import { insertSource } from "../store.ts";
import type { SourceRow } from "../tables.ts";

export const createSource = defineOperation({
  action: "sources.source.create",
  effect: "write",
  scope: "sources:write",
  summary: "Open an address that takes events in; the answer shows the address's token once",
  input: CreateSource,
  output: SourceWithToken,
  raises: ["not_found", "conflict", "forbidden"],
  version: (source) => source.version,
  idempotency: "own",
  async run(ctx, { projectId = null, secretNames, ...fields }) {
    mustChangeWithin(ctx.actor, projectId);
    if (projectId !== null) await mustFindProject(ctx, projectId);
    const secrets = [...new Set(secretNames)].map((name) => ({ name, until: null }));
    mustBeProvable(fields.kind, fields.proof, secrets);
    mustHaveSchemas(fields.types);
    const holdKey = await onlyOnce(ctx);
    const { token, hash } = await newToken();
    const row: SourceRow = {
      ...fields,
      id: ctx.newId("src"),
      tenantId: ctx.tenantId,
      projectId,
      status: "active",
      secrets,
      tokens: { hash, before: null },
      createdBy: actorName(ctx.actor),
      createdAt: ctx.now,
      updatedAt: ctx.now,
      version: 1,
      writeId: ctx.newId("wr"),
    };
    const entity = `source:${row.id}`;
    const shown = sourceOf(row);
    await orNameTaken(
      ctx.write({ entity, after: shown, ...(projectId === null ? {} : { projectId }) }, (q) => [
        insertSource(q, row),
        ...holdKey(q, entity),
      ]),
      { code: "sources.name_taken", noun: "source", name: row.name, pointer: "/name" },
    );
    return { ...shown, token };
  },
});
