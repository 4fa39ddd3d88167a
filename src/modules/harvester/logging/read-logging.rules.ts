import { fieldAt, flagAt, listAt, metaOf, textAt, textMapAt, textsAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { LogFlow, LogOutput } from "./schemas.ts";

/** A flow of a namespace, or of the whole cluster when it stands where those are kept. */
export function readLogFlow(flow: KubeObject): LogFlow {
  return {
    ...commonOf(flow),
    match: listAt(flow, "spec", "match").map((rule) => {
      const take = fieldAt(rule, "exclude") === undefined;
      const picked = fieldAt(rule, take ? "select" : "exclude");
      return {
        take,
        labels: textMapAt(picked, "labels"),
        hosts: textsAt(picked, "hosts"),
        containers: textsAt(picked, "container_names"),
        namespaces: textsAt(picked, "namespaces"),
      };
    }),
    outputs: textsAt(flow, "spec", "localOutputRefs"),
    clusterOutputs: textsAt(flow, "spec", "globalOutputRefs"),
  };
}

const addresses = ["url", "host", "hec_host", "endpoint", "s3_bucket", "path", "brokers", "domain"];
const names: Readonly<Record<string, string>> = { splunkHec: "splunk" };

/** Where logs go; what it needs to get in is told by reference. */
export function readLogOutput(output: KubeObject): LogOutput {
  const spec = fieldAt(output, "spec");
  const entry = Object.entries(Object(spec)).find(
    ([field, value]) => field !== "loggingRef" && typeof value === "object" && value !== null,
  );
  const [kind, settings] = entry ?? [null, undefined];
  const field = addresses.find((one) => textAt(settings, one) !== null);
  return {
    ...commonOf(output),
    kind: kind === null ? null : (names[kind] ?? kind),
    address: field === undefined ? null : textAt(settings, field),
    secrets: secretsIn(settings, 0),
  };
}

function commonOf(object: KubeObject) {
  return {
    namespace: object.kind?.startsWith("Cluster") ? null : (object.metadata.namespace ?? null),
    ...metaOf(object),
    active: flagAt(object, "status", "active"),
    problems: textsAt(object, "status", "problems"),
  };
}

const deepest = 8;

function secretsIn(value: unknown, depth: number): { secret: string; key: string }[] {
  if (typeof value !== "object" || value === null || depth > deepest) return [];
  const secret = textAt(value, "secretKeyRef", "name");
  const key = textAt(value, "secretKeyRef", "key");
  if (secret !== null && key !== null) return [{ secret, key }];
  return Object.values(value).flatMap((member) => secretsIn(member, depth + 1));
}
