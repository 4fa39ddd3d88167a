import type { KubeObject, World } from "../../words.ts";
import { targetOf } from "../admission/backup-target.ts";
import { find, kindOf } from "../admission/look.ts";
import { editIfChanged, reconciler } from "../controllers/reconciler.ts";
import { withCondition } from "../machines/conditions.ts";
import { type Fields, fieldsAt, itemsAt, textAt } from "../machines/fields.ts";

const SECRET = { namespace: "harvester-system", name: "harvester-backup-target" };

const encoded = (text: string | undefined) => Buffer.from(text ?? "").toString("base64");

/** The keys of a bucket go into a Secret; the setting that everybody may read keeps none. */
function hideKeys(world: World, setting: KubeObject): void {
  const value = textAt(setting, "value");
  if (setting.metadata.name !== "backup-target" || value === undefined) return;
  let target: Fields | "unset";
  try {
    target = targetOf(value);
  } catch {
    return;
  }
  if (target === "unset" || textAt(target, "accessKeyId") === undefined) return;
  const data = {
    AWS_ACCESS_KEY_ID: encoded(textAt(target, "accessKeyId")),
    AWS_SECRET_ACCESS_KEY: encoded(textAt(target, "secretAccessKey")),
  };
  const kind = kindOf(world, "secrets");
  if (find(world, "namespaces", undefined, SECRET.namespace) !== undefined) {
    if (find(world, "secrets", SECRET.namespace, SECRET.name) === undefined) {
      const metadata = { ...SECRET, uid: "", resourceVersion: "", creationTimestamp: "" };
      world.store.create(kind, { metadata, type: "Opaque", data });
    } else {
      world.store.edit(kind, SECRET.namespace, SECRET.name, (secret) => {
        secret["data"] = data;
      });
    }
  }
  setting["value"] = JSON.stringify({ ...target, accessKeyId: "", secretAccessKey: "" });
}

/** Notes that a setting took hold, and whether it is other than it came. */
export const settings = reconciler({
  name: "settings",
  watches: [{ group: "harvesterhci.io", plural: "settings" }],
  reconcile(world, key) {
    const setting = find(world, "settings", undefined, key.name);
    const value = textAt(setting, "value");
    const known = itemsAt(setting, "status", "conditions").length > 0;
    if (setting === undefined || (value === undefined && !known)) return undefined;
    hideKeys(world, setting);
    const next = setting["value"];
    editIfChanged(world.store, kindOf(world, "settings"), key, (stored) => {
      if (next !== undefined) stored["value"] = next;
      stored["customized"] = value !== undefined && value !== textAt(stored, "default");
      const done = { type: "configured", status: "True" } as const;
      const conditions = withCondition(itemsAt(stored, "status", "conditions"), done, world.clock.now());
      stored["status"] = { ...fieldsAt(stored, "status"), conditions };
    });
    return undefined;
  },
});
