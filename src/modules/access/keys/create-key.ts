import { defineOperation } from "../../../kernel/operation.ts";
import { onlyOnce } from "../once.store.ts";
import { mustHoldAll } from "../problems.ts";
import { checkProjects } from "../projects/check-projects.ts";
import { makeKey } from "./make-key.ts";
import { KeyDraft, NewApiKey } from "./schemas.ts";
import { insertKey } from "./store.ts";

export const createKey = defineOperation({
  action: "access.key.create",
  effect: "write",
  scope: "keys:write",
  summary: "Create an API key; the answer shows it once",
  input: KeyDraft,
  output: NewApiKey,
  raises: ["conflict"],
  version: ({ version }) => version,
  idempotency: "own",
  async run(ctx, { name, scopes, expiresAt, ...draft }) {
    const projectIds = draft.projectIds ?? ctx.actor.projectIds ?? null;
    mustHoldAll(ctx.actor, { grants: scopes, projectIds });
    await checkProjects(ctx, projectIds);
    const holdKey = await onlyOnce(ctx);
    const { row, shown, text } = await makeKey(ctx, {
      tenantId: ctx.tenantId,
      name,
      scopes,
      projectIds,
      createdBy: ctx.actor.id,
      expiresAt,
    });
    const entity = `api_key:${row.id}`;
    await ctx.write({ entity, after: shown }, (q) => [insertKey(q, row), ...holdKey(q, entity)]);
    return { ...shown, key: text };
  },
});
