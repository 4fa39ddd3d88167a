import type { Ctx } from "../../kernel/context.ts";
import { profileOf } from "./find-profile.ts";
import type { Profile } from "./schemas.ts";
import { listProfileRows } from "./store.ts";

const mostProfiles = 500;

/** Every profile of the tenant of a call. */
export async function allProfiles(ctx: Pick<Ctx, "db" | "tenantId">): Promise<Profile[]> {
  return (await listProfileRows(ctx.db, ctx.tenantId, undefined, mostProfiles)).map(profileOf);
}
