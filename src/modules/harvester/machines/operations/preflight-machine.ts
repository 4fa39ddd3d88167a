import * as z from "zod";
import { defineOperation } from "../../../../kernel/operation.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { machineNames } from "../build-machine.rules.ts";
import { MachineDraft } from "../machine-draft.ts";
import { preflightChecks } from "../preflight.rules.ts";
import { draftFacts } from "../preflight-facts.ts";

const Report = z
  .strictObject({
    /** Nothing is known that would keep it from being made. */
    possible: z.boolean(),
    names: z.array(z.string()),
    checks: z.array(
      z.strictObject({
        check: z.string(),
        status: z.enum(["pass", "warn", "fail", "unknown"]),
        message: z.string(),
        pointer: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "VirtualMachinePreflight" });

export const preflightMachine = defineOperation({
  action: "harvester.vm.preflight",
  effect: "read",
  scope: "clusters:read",
  summary: "Say what would keep a virtual machine from being created: names, images, networks, quota, room",
  input: MachineDraft,
  output: Report,
  raises: [...readRaises, "invalid_input"],
  resource: ({ id }) => `cluster:${id}`,
  async run(ctx, draft) {
    const kube = await openNamespace(ctx, draft.id, draft.namespace);
    const checks = preflightChecks(draft, await draftFacts(ctx, kube, draft, { room: true }));
    return {
      possible: checks.every(({ status }) => status !== "fail"),
      names: machineNames(draft.name, draft.count),
      checks,
    };
  },
});
