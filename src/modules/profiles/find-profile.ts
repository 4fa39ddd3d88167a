import type { Ctx } from "../../kernel/context.ts";
import { problem } from "../../kernel/problem.ts";
import { type Profile, Provider } from "./schemas.ts";
import { findProfileRow } from "./store.ts";
import type { ProfileRow } from "./tables.ts";

/** A row as it goes over the wire. */
export function profileOf(row: ProfileRow): Profile {
  const { tenantId: _, writeId: __, provider, createdAt, updatedAt, ...rest } = row;
  return {
    ...rest,
    provider: Provider.parse(provider),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** The row of a profile. @throws not_found `profiles.unknown` */
export async function mustFindProfileRow(
  ctx: Pick<Ctx, "db" | "tenantId">,
  name: string,
): Promise<ProfileRow> {
  const row = await findProfileRow(ctx.db, ctx.tenantId, name);
  if (row) return row;
  throw problem("not_found", "profiles.unknown", `There is no model profile "${name}".`);
}

/** A model profile of the tenant by its name. @throws not_found `profiles.unknown` */
export async function mustFindProfile(ctx: Pick<Ctx, "db" | "tenantId">, name: string): Promise<Profile> {
  return profileOf(await mustFindProfileRow(ctx, name));
}
