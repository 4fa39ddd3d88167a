import type { Destination } from "./schemas.ts";

const apiVersion = "logging.banzaicloud.io/v1beta1";

/** Where the add-on keeps what is of the whole cluster. */
export const loggingNamespace = "cattle-logging-system";

interface Match {
  readonly take: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
  readonly containers: readonly string[];
  readonly namespaces?: readonly string[];
}

export interface AskedFlow {
  readonly name: string;
  readonly match: readonly Match[];
  readonly outputs?: readonly string[];
  readonly clusterOutputs: readonly string[];
}

const some = (field: string, items: readonly string[] | undefined) =>
  items === undefined || items.length === 0 ? {} : { [field]: items };

/** The object of a flow; without rules it takes every log. */
export function flowOf(
  kind: "Flow" | "ClusterFlow",
  namespace: string,
  asked: AskedFlow,
): Record<string, unknown> {
  const rules = asked.match.map(({ take, labels, hosts, containers, namespaces }) => ({
    [take ? "select" : "exclude"]: {
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...some("hosts", hosts),
      ...some("container_names", containers),
      ...some("namespaces", namespaces),
    },
  }));
  return {
    apiVersion,
    kind,
    metadata: { name: asked.name, namespace },
    spec: {
      match: rules.length === 0 ? [{ select: {} }] : rules,
      ...some("localOutputRefs", asked.outputs),
      ...some("globalOutputRefs", asked.clusterOutputs),
    },
  };
}

interface SecretRef {
  readonly secret: string;
  readonly key: string;
}

const secretOf = (field: string, ref: SecretRef | undefined) =>
  ref === undefined ? {} : { [field]: { valueFrom: { secretKeyRef: { name: ref.secret, key: ref.key } } } };

/** The object of an output. Keys and passwords stand in it by reference only. */
export function outputOf(
  kind: "Output" | "ClusterOutput",
  namespace: string,
  { name, destination }: { readonly name: string; readonly destination: Destination },
): Record<string, unknown> {
  return { apiVersion, kind, metadata: { name, namespace }, spec: specOf(destination) };
}

function specOf(to: Destination): Record<string, unknown> {
  switch (to.kind) {
    case "elasticsearch":
      return {
        elasticsearch: {
          host: to.host,
          port: to.port,
          scheme: to.scheme,
          ...(to.index === undefined ? {} : { index_name: to.index }),
          ...(to.user === undefined ? {} : { user: to.user }),
          ...secretOf("password", to.password),
        },
      };
    case "loki":
      return {
        loki: { url: to.url, ...secretOf("username", to.user), ...secretOf("password", to.password) },
      };
    case "splunk":
      return {
        splunkHec: {
          hec_host: to.host,
          hec_port: to.port,
          protocol: to.scheme,
          ...(to.index === undefined ? {} : { index: to.index }),
          ...secretOf("hec_token", to.token),
        },
      };
    case "syslog":
      return { syslog: { host: to.host, port: to.port, transport: to.transport } };
  }
}
