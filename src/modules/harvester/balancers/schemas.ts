import * as z from "zod";
import { Cidr, ClusterField, Description, Ipv4, LabelName, NamespaceField, ObjectName } from "../words.ts";

const made = {
  labels: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime().nullable(),
  resourceVersion: z.string(),
};

const Port = z.int().min(1).max(65_535);

const Listener = z.strictObject({
  name: LabelName,
  port: Port,
  protocol: z.enum(["TCP", "UDP"]),
  backendPort: Port,
});

export const LoadBalancer = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    /** Where its address comes from. */
    ipam: z.string().nullable(),
    pool: z.string().nullable(),
    address: z.string().nullable(),
    ready: z.boolean().nullable(),
    message: z.string().nullable(),
    listeners: z.array(
      z.strictObject({
        name: z.string(),
        port: z.number(),
        protocol: z.string(),
        backendPort: z.number(),
      }),
    ),
    /** Machines with one of the values of every label are behind it. */
    backends: z.record(z.string(), z.array(z.string())),
    servers: z.array(z.string()),
    ...made,
  })
  .meta({ id: "ClusterLoadBalancer" });
export type LoadBalancer = z.infer<typeof LoadBalancer>;

const key = z.string().regex(/^[A-Za-z0-9][-A-Za-z0-9_./]{0,252}$/, "A label's key.");
const value = z.string().regex(/^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, "A label's value.");

const differ = <Item>(items: readonly Item[], of: (item: Item) => string): boolean =>
  new Set(items.map(of)).size === items.length;

export const CreateLoadBalancer = z.strictObject({
  ...NamespaceField,
  name: LabelName,
  description: Description.optional(),
  ipam: z.enum(["pool", "dhcp"]).default("pool"),
  /** The pool; the first that fits the namespace when absent. */
  pool: ObjectName.optional(),
  listeners: z
    .array(Listener)
    .min(1)
    .max(50)
    .refine((all) => differ(all, ({ name }) => name), "Each listener has a name of its own.")
    .refine(
      (all) => differ(all, ({ port, protocol }) => `${port}/${protocol}`),
      "Each listener has a port of its own.",
    ),
  backends: z
    .record(key, z.array(value).min(1).max(50))
    .refine((labels) => Object.keys(labels).length > 0, "At least one label."),
  healthCheck: z
    .strictObject({
      port: Port,
      successThreshold: z.int().min(1).max(100).default(2),
      failureThreshold: z.int().min(1).max(100).default(2),
      periodSeconds: z.int().min(1).max(3600).default(5),
      timeoutSeconds: z.int().min(1).max(3600).default(3),
    })
    .optional(),
});

export const IpPool = z
  .strictObject({
    name: z.string(),
    description: z.string().nullable(),
    ranges: z.array(
      z.strictObject({
        subnet: z.string().nullable(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        gateway: z.string().nullable(),
      }),
    ),
    namespaces: z.array(z.string()),
    network: z.string().nullable(),
    total: z.number().nullable(),
    available: z.number().nullable(),
    /** Who has which address. */
    allocated: z.record(z.string(), z.string()),
    ...made,
  })
  .meta({ id: "ClusterIpPool" });
export type IpPool = z.infer<typeof IpPool>;

export const CreateIpPool = z.strictObject({
  ...ClusterField,
  name: LabelName,
  description: Description.optional(),
  ranges: z
    .array(
      z.strictObject({
        subnet: Cidr,
        from: Ipv4.optional(),
        to: Ipv4.optional(),
        gateway: Ipv4.optional(),
      }),
    )
    .min(1)
    .max(50),
  /** Who may take addresses: these namespaces, or all of them when empty. */
  namespaces: z.array(LabelName).max(200).default([]),
  /** `namespace/name` of the network that the addresses are of. */
  network: z.string().max(317).optional(),
});
