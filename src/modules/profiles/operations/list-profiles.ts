import { defineOperation } from "../../../kernel/operation.ts";
import { decodeCursor, toPage } from "../../../kernel/page.ts";
import { profileOf } from "../find-profile.ts";
import { ListProfiles, ProfilePage } from "../schemas.ts";
import { listProfileRows } from "../store.ts";

export const listProfiles = defineOperation({
  action: "profiles.profile.list",
  effect: "read",
  scope: "registry:read",
  summary: "List model profiles, newest first",
  input: ListProfiles,
  output: ProfilePage,
  raises: [],
  async run(ctx, { limit, cursor }) {
    const rows = await listProfileRows(ctx.db, ctx.tenantId, decodeCursor(cursor), limit + 1);
    return toPage(rows, limit, (row) => ({ at: row.createdAt, id: row.name }), profileOf);
  },
});
