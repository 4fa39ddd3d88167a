import { defineOperation, expectVersion } from "../../../kernel/operation.ts";
import { mustChangeWithin } from "../../../kernel/project-reach.ts";
import { onlyOnce } from "../../access/index.ts";
import { mustFindSource } from "../find-source.ts";
import { newToken } from "../new-token.ts";
import { rotateSecret } from "../proof.rules.ts";
import { forgetSource } from "../remembered-sources.ts";
import { RotateSourceSecret, SourceWithToken, sourceOf } from "../schemas.ts";
import { replaceSource } from "../store.ts";
import type { SourceRow } from "../tables.ts";

export const rotateSourceSecret = defineOperation({
  action: "sources.source.rotateSecret",
  effect: "write",
  scope: "sources:write",
  summary: "Replace a source's secret or token; the old one is accepted for the overlap",
  input: RotateSourceSecret,
  output: SourceWithToken,
  raises: ["not_found", "conflict", "forbidden", "precondition_failed"],
  resource: ({ id }) => `source:${id}`,
  version: (source) => source.version,
  idempotency: "own",
  async run(ctx, { id, secretName, overlapHours }) {
    const before = await mustFindSource(ctx, id);
    mustChangeWithin(ctx.actor, before.projectId);
    const holdKey = await onlyOnce(ctx);
    expectVersion(ctx, before.version);
    const fresh = secretName === undefined ? await newToken() : undefined;
    const until = new Date(ctx.now.getTime() + overlapHours * 3_600_000).toISOString();
    const row: SourceRow = {
      ...before,
      ...(fresh ? { tokens: { hash: fresh.hash, before: { hash: before.tokens.hash, until } } } : {}),
      ...(secretName === undefined
        ? {}
        : { secrets: rotateSecret(before.secrets, secretName, ctx.now, overlapHours) }),
      updatedAt: ctx.now,
      version: before.version + 1,
      writeId: ctx.newId("wr"),
    };
    const entity = `source:${id}`;
    const saved = sourceOf(row);
    await ctx.write(
      {
        entity,
        before: sourceOf(before),
        after: saved,
        ...(before.projectId === null ? {} : { projectId: before.projectId }),
      },
      (q) => [...replaceSource(q, row, before.version), ...holdKey(q, entity)],
    );
    forgetSource(id);
    return { ...saved, token: fresh?.token ?? null };
  },
});
