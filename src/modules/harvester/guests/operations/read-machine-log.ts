import * as z from "zod";
import { defineOperation, type StreamBody } from "../../../../kernel/operation.ts";
import { kubeOf } from "../../kube/kube.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { machineKind } from "../../machines/find-machine.ts";
import { readRaises } from "../../raises.ts";
import { openNamespace } from "../../reach.ts";
import { entityOf } from "../../settle.ts";
import { streamOf } from "../../stream-of.ts";
import { NamedField } from "../../words.ts";
import { mustFindLauncher } from "../find-launcher.ts";

const flag = z.stringbool({ truthy: ["true", "1"], falsy: ["false", "0"] }).default(false);
const followMs = 3_600_000;

export const readMachineLog = defineOperation({
  action: "harvester.vm_log.read",
  effect: "read",
  scope: "clusters:read",
  summary: "Read what the launcher of a virtual machine writes; `follow` goes on as lines come, for an hour",
  input: z.strictObject({
    ...NamedField,
    tail: z.coerce.number().int().min(1).max(10_000).default(200),
    sinceSeconds: z.coerce.number().int().min(1).max(604_800).optional(),
    follow: flag,
    timestamps: flag,
  }),
  output: z.custom<StreamBody>(),
  gives: ["text/plain"],
  raises: readRaises,
  resource: (at) => entityOf(at, machineKind),
  async run(ctx, { tail, sinceSeconds, follow, timestamps, ...at }) {
    const { namespace } = at;
    const pod = await mustFindLauncher(await openNamespace(ctx, at.id, namespace), at);
    const query = new URLSearchParams({ container: "compute", tailLines: String(tail) });
    if (sinceSeconds !== undefined) query.set("sinceSeconds", String(sinceSeconds));
    if (follow) query.set("follow", "true");
    if (timestamps) query.set("timestamps", "true");
    const path = `${pathOf("core", "pods", { namespace, name: pod, sub: ["log"] })}?${query}`;
    const { body } = await kubeOf(ctx, at.id).open({
      method: "GET",
      path,
      ...(follow ? { timeoutMs: followMs } : {}),
    });
    return { stream: streamOf(body), contentType: "text/plain; charset=utf-8" };
  },
});
