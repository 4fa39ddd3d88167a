import type * as z from "zod";
import type { Actor, Ctx } from "../../../kernel/context.ts";
import { defineOperation } from "../../../kernel/operation.ts";
import { AppError, problem } from "../../../kernel/problem.ts";
import { bootstrapActorId } from "../authenticate.ts";
import { makeKey } from "../keys/make-key.ts";
import { insertKey } from "../keys/store.ts";
import { refused } from "../problems.ts";
import { projectOf } from "../projects/schemas.ts";
import { insertProject } from "../projects/store.ts";
import { userOf } from "../users/schemas.ts";
import { insertUser } from "../users/store.ts";
import { Bootstrap, Bootstrapped, tenantOf } from "./schemas.ts";
import { findTenantBySlug, insertTenant } from "./store.ts";

export const bootstrapTenant = defineOperation({
  action: "access.tenant.bootstrap",
  effect: "write",
  scope: "public",
  summary: "Make a tenant with its first project, admin and, when asked, API key; needs the bootstrap token",
  input: Bootstrap,
  output: Bootstrapped,
  raises: ["unauthenticated", "conflict"],
  idempotency: "own",
  async run(ctx, input) {
    if (ctx.actor.id !== bootstrapActorId) {
      throw refused("bootstrap_token", "Send the bootstrap token of the deployment as a bearer token.");
    }
    const { slug } = input.tenant;
    const taken = () => problem("conflict", "access.tenant_exists", `There is a tenant "${slug}" already.`);
    if (await findTenantBySlug(ctx.db, slug)) throw taken();
    const rows = await makeRows(ctx, input);
    const { tenant, project, admin, key } = rows;
    const actor: Actor = { kind: "system", id: "bootstrap", tenantId: tenant.tenantId, grants: [] };
    const made = { tenant: tenantOf(tenant), project: projectOf(project), admin: userOf(admin) };
    const after = { ...made, apiKey: key?.shown ?? null };
    await ctx
      .actingAs(actor)
      .write(
        { entity: `tenant:${tenant.tenantId}`, after },
        (q) => [
          insertTenant(q, tenant),
          insertProject(q, project),
          insertUser(q, admin),
          ...(key ? [insertKey(q, key.row)] : []),
        ],
        [{ topic: "tenant.created", payload: {} }],
      )
      .catch((error: unknown) => {
        throw isTaken(error) ? taken() : error;
      });
    return { ...made, apiKey: key ? { ...key.shown, key: key.text } : null };
  },
});

const isTaken = (error: unknown): boolean =>
  error instanceof AppError && error.failure.code === "write.exists";

async function makeRows(ctx: Ctx, input: z.output<typeof Bootstrap>) {
  const tenantId = ctx.newId("ten");
  const fresh = {
    tenantId,
    version: 1,
    writeId: ctx.newId("wr"),
    createdAt: ctx.now,
    updatedAt: ctx.now,
  };
  const tenant = { ...fresh, ...input.tenant, settings: {} };
  const project = {
    ...fresh,
    id: ctx.newId("prj"),
    name: input.project.name,
    description: "",
    settings: {},
    isDefault: true,
  };
  const { password, ...person } = input.admin;
  const admin = {
    ...fresh,
    ...person,
    id: ctx.newId("usr"),
    role: "admin" as const,
    grants: [],
    projectIds: null,
    passwordHash: await ctx.ports.passwords.hash(password),
    disabled: false,
    lastSignInAt: null,
  };
  const key = input.apiKey
    ? await makeKey(ctx, { ...input.apiKey, tenantId, projectIds: null, createdBy: admin.id })
    : undefined;
  return { tenant, project, admin, key };
}
