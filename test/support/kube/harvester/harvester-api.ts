import type { Extension, World } from "../words.ts";
import { harvesterAdmissions } from "./admission/harvester-admissions.ts";
import { settingDefaults } from "./admission/setting-defaults.ts";
import { bookkeepers } from "./bookkeeping/bookkeepers.ts";
import { harvesterKinds } from "./kinds/harvester-kinds.ts";
import type { LocalUser } from "./steve/login.ts";
import { steveRoutes } from "./steve/steve-routes.ts";

const ADMIN: LocalUser = {
  password: "harvester-admin",
  user: { name: "user-admin", groups: ["system:masters", "system:authenticated"] },
};

/** Settings that are not there yet come with what they are by default. */
function seedSettings({ store }: World): void {
  const kind = store.kindOf("harvesterhci.io", "settings");
  for (const [name, value] of Object.entries(settingDefaults)) {
    if (store.find(kind, undefined, name) !== undefined) continue;
    store.create(kind, {
      metadata: { name, uid: "", resourceVersion: "", creationTimestamp: "" },
      ...(value === "" ? {} : { default: value }),
      status: {},
    });
  }
}

/**
 * Harvester's kinds, what its webhooks fill in and refuse, its dialect of the API, and every setting by default.
 * @param users who may log in by name and password; `admin` with `harvester-admin` unless told
 */
export function harvesterApi(users: Readonly<Record<string, LocalUser>> = { admin: ADMIN }): Extension {
  return {
    kinds: harvesterKinds,
    admissions: harvesterAdmissions,
    routes: steveRoutes(users),
    controllers: bookkeepers,
    seed: seedSettings,
  };
}
