import * as z from "zod";
import { ClusterField, HttpUrl, LabelName, Labels, NamespaceField, ObjectName } from "../words.ts";

const made = {
  labels: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime().nullable(),
  resourceVersion: z.string(),
};

/** A key of a Secret in the namespace of the output; its value never passes through here. */
const SecretRef = z.strictObject({ secret: ObjectName, key: z.string().regex(/^[-._a-zA-Z0-9]{1,253}$/) });

const Select = z.strictObject({
  labels: z.record(z.string(), z.string()),
  hosts: z.array(z.string()),
  containers: z.array(z.string()),
  namespaces: z.array(z.string()),
});

export const LogFlow = z
  .strictObject({
    /** Null for a flow of the whole cluster. */
    namespace: z.string().nullable(),
    name: z.string(),
    /** Which logs: those of the first rule that fits. */
    match: z.array(z.strictObject({ take: z.boolean(), ...Select.shape })),
    outputs: z.array(z.string()),
    clusterOutputs: z.array(z.string()),
    active: z.boolean().nullable(),
    problems: z.array(z.string()),
    ...made,
  })
  .meta({ id: "ClusterLogFlow" });
export type LogFlow = z.infer<typeof LogFlow>;

export const LogOutput = z
  .strictObject({
    namespace: z.string().nullable(),
    name: z.string(),
    kind: z.string().nullable(),
    address: z.string().nullable(),
    /** The Secrets that it needs, by reference. */
    secrets: z.array(SecretRef),
    active: z.boolean().nullable(),
    problems: z.array(z.string()),
    ...made,
  })
  .meta({ id: "ClusterLogOutput" });
export type LogOutput = z.infer<typeof LogOutput>;

const HostName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[-A-Za-z0-9.]{0,251}[A-Za-z0-9])?$/, "A host's name or address.");
const Port = z.int().min(1).max(65_535);

const Destination = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("elasticsearch"),
    host: HostName,
    port: Port.default(9200),
    scheme: z.enum(["http", "https"]).default("https"),
    index: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,200}$/)
      .optional(),
    user: z.string().min(1).max(200).optional(),
    password: SecretRef.optional(),
  }),
  z.strictObject({
    kind: z.literal("loki"),
    url: HttpUrl,
    user: SecretRef.optional(),
    password: SecretRef.optional(),
  }),
  z.strictObject({
    kind: z.literal("splunk"),
    host: HostName,
    port: Port.default(8088),
    scheme: z.enum(["http", "https"]).default("https"),
    index: z.string().min(1).max(200).optional(),
    token: SecretRef,
  }),
  z.strictObject({
    kind: z.literal("syslog"),
    host: HostName,
    port: Port.default(514),
    transport: z.enum(["tls", "tcp", "udp"]).default("tls"),
  }),
]);
export type Destination = z.output<typeof Destination>;

const Match = z.strictObject({
  take: z.boolean().default(true),
  labels: Labels.default({}),
  hosts: z.array(ObjectName).max(100).default([]),
  containers: z.array(LabelName).max(100).default([]),
});
const ClusterMatch = Match.extend({ namespaces: z.array(LabelName).max(100).default([]) });
const Outputs = z.array(ObjectName).max(20);

const someOutput = {
  error: "Name at least one output.",
  path: ["outputs"],
};

export const CreateLogFlow = z
  .strictObject({
    ...NamespaceField,
    name: ObjectName,
    match: z.array(Match).max(50).default([]),
    outputs: Outputs.default([]),
    clusterOutputs: Outputs.default([]),
  })
  .refine(({ outputs, clusterOutputs }) => outputs.length + clusterOutputs.length > 0, someOutput);

export const CreateClusterLogFlow = z.strictObject({
  ...ClusterField,
  name: ObjectName,
  match: z.array(ClusterMatch).max(50).default([]),
  clusterOutputs: Outputs.min(1),
});

export const CreateLogOutput = z.strictObject({
  ...NamespaceField,
  name: ObjectName,
  destination: Destination,
});
export const CreateClusterLogOutput = z.strictObject({
  ...ClusterField,
  name: ObjectName,
  destination: Destination,
});
