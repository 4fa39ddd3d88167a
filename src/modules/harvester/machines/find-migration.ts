import { problem } from "../../../kernel/problem.ts";
import { textAt } from "../kube/fields.rules.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import { pathOf } from "../kube/paths.rules.ts";
import type { MachineAt } from "./find-machine.ts";

const plural = "virtualmachineinstancemigrations";

export const migrationPath = (namespace: string, name?: string): string =>
  pathOf("kubevirt", plural, { namespace, name });

const over = new Set(["Succeeded", "Failed"]);

/** The path of the migration of a machine that is under way. @throws conflict `harvester.wrong_state` */
export async function mustFindMigration(kube: Kube, { namespace, name }: MachineAt): Promise<string> {
  const migrations = await listAll(kube, migrationPath(namespace));
  const found = migrations.find(
    (one) =>
      textAt(one, "spec", "vmiName") === name &&
      one.metadata.deletionTimestamp === undefined &&
      !over.has(textAt(one, "status", "phase") ?? ""),
  );
  if (found) return migrationPath(namespace, found.metadata.name);
  throw problem("conflict", "harvester.wrong_state", "The migration has ended meanwhile.", {
    data: { action: "abortMigration" },
  });
}
