import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { problem } from "../../../../kernel/problem.ts";
import { writeRaises } from "../../raises.ts";
import { openWholeCluster } from "../../reach.ts";
import { entityOf, settleBare } from "../../settle.ts";
import { Accepted, ClusterField, ObjectName } from "../../words.ts";
import { askHost, hostKind, hostPath } from "../find-host.ts";
import { hostOf } from "../read-host.rules.ts";

export const switchCpuManager = defineOperation({
  action: "harvester.host.switch_cpu_manager",
  effect: "write",
  scope: "clusters:admin",
  summary: "Let machines on a host have processors of their own (CPU manager), or no longer",
  input: z.strictObject({ ...ClusterField, name: ObjectName, enabled: z.boolean() }),
  output: Accepted,
  raises: writeRaises,
  resource: (at) => entityOf(at, hostKind),
  async run(ctx, { id, name, enabled }) {
    const kube = await openWholeCluster(ctx, id);
    const { cpuManager, roles } = hostOf(await kube.get(hostPath(name)));
    if (roles.includes("witness"))
      throw problem("conflict", "harvester.wrong_state", `${name} is a witness: no machine runs on it.`);
    if (cpuManager === enabled) {
      const said = enabled ? "on already" : "off already";
      throw problem("conflict", "harvester.wrong_state", `The CPU manager of ${name} is ${said}.`);
    }
    const done = await askHost(kube, name, enabled ? "enableCPUManager" : "disableCPUManager");
    return settleBare(ctx, entityOf({ id, name }, hostKind), done, {
      before: { cpuManager },
      after: { cpuManager: enabled },
    });
  },
});
