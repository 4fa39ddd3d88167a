import type { ReadDb } from "../../db/db.ts";
import { covers, type Scope } from "../../kernel/scopes.ts";
import { userActor } from "./authenticate.ts";
import { judgeKey } from "./keys/key-state.rules.ts";
import { findKey } from "./keys/store.ts";
import { findUser } from "./users/store.ts";

/** Whether somebody who asked for something earlier, `kind:id`, would still be let do it now. */
export async function stillMay(
  db: ReadDb,
  tenantId: string,
  actor: string,
  scope: Scope,
  now: Date,
): Promise<boolean> {
  const [kind = "", id = ""] = actor.split(":", 2);
  if (kind === "system") return true;
  if (kind === "api_key") {
    const key = await findKey(db, tenantId, id);
    return key !== undefined && judgeKey(key, "present", now) === "good" && covers(key.scopes, scope);
  }
  const user = kind === "user" ? await findUser(db, tenantId, id) : undefined;
  return user !== undefined && !user.disabled && covers(userActor(user).grants, scope);
}
