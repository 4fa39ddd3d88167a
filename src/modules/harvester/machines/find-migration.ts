import { problem } from "../../../kernel/problem.ts";
import type { Kube } from "../kube/kube.ts";
import { listAll } from "../kube/list-all.ts";
import { type MachineAt, migrationPath } from "./find-machine.ts";
import { migrationUnderWay } from "./machine-state.rules.ts";

/** The path of the migration of a machine that is under way. @throws conflict `harvester.wrong_state` */
export async function mustFindMigration(kube: Kube, { namespace, name }: MachineAt): Promise<string> {
  const found = migrationUnderWay(await listAll(kube, migrationPath(namespace)), name);
  if (found) return migrationPath(namespace, found.metadata.name);
  throw problem("conflict", "harvester.wrong_state", "The migration has ended meanwhile.", {
    data: { action: "abortMigration" },
  });
}
