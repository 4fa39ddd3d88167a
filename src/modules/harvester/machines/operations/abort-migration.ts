import { defineOrder } from "../define-order.ts";
import { mustFindMigration } from "../find-migration.ts";

export const abortMigration = defineOrder({
  action: "harvester.vm.abort_migration",
  verb: "abortMigration",
  summary: "End the migration of a virtual machine; it stays where it was",
  safe: false,
  send: async (kube, at) => kube.remove(await mustFindMigration(kube, at)),
});
