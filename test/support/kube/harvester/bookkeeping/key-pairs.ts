import { fingerprintOf } from "../admission/keys.ts";
import { kindOf } from "../admission/look.ts";
import { editIfChanged, reconciler } from "../controllers/reconciler.ts";
import { withCondition } from "../machines/conditions.ts";
import { fieldsAt, itemsAt, textAt } from "../machines/fields.ts";

/** Notes the fingerprint of each public key. */
export const keyPairs = reconciler({
  name: "keypairs",
  watches: [{ group: "harvesterhci.io", plural: "keypairs" }],
  reconcile(world, key) {
    editIfChanged(world.store, kindOf(world, "keypairs"), key, (pair) => {
      const fingerPrint = fingerprintOf(textAt(pair, "spec", "publicKey") ?? "");
      if (fingerPrint === undefined || textAt(pair, "status", "fingerPrint") === fingerPrint) return;
      const valid = { type: "validated", status: "True" } as const;
      const conditions = withCondition(itemsAt(pair, "status", "conditions"), valid, world.clock.now());
      pair["status"] = { ...fieldsAt(pair, "status"), fingerPrint, conditions };
    });
    return undefined;
  },
});
