import * as z from "zod";
import {
  Cidr,
  ClusterField,
  Description,
  Ipv4,
  LabelName,
  Labels,
  NamespaceField,
  ObjectName,
  VlanId,
} from "../words.ts";

const made = {
  labels: z.record(z.string(), z.string()),
  createdAt: z.iso.datetime().nullable(),
  resourceVersion: z.string(),
};

export const VmNetwork = z
  .strictObject({
    namespace: z.string(),
    name: z.string(),
    type: z.enum(["vlan", "untagged", "trunk", "other"]),
    clusterNetwork: z.string().nullable(),
    vlan: z.number().nullable(),
    /** The tags that a trunk lets through. */
    trunk: z.array(z.strictObject({ from: z.number(), to: z.number() })),
    mtu: z.number().nullable(),
    route: z
      .strictObject({
        mode: z.string().nullable(),
        cidr: z.string().nullable(),
        gateway: z.string().nullable(),
        dhcpServer: z.string().nullable(),
      })
      .nullable(),
    ready: z.boolean().nullable(),
    description: z.string().nullable(),
    ...made,
  })
  .meta({ id: "ClusterVmNetwork" });
export type VmNetwork = z.infer<typeof VmNetwork>;

/** A bridge is called after its cluster network with "-br" and may have 15 characters. */
export const ClusterNetworkName = z
  .string()
  .regex(
    /^[a-z](?:[-a-z0-9]{0,10}[a-z0-9])?$/,
    "At most 12 of a-z, 0-9 and hyphen; a letter first, a letter or digit last.",
  );

const TrunkRange = z
  .strictObject({ from: VlanId, to: VlanId })
  .refine(({ from, to }) => from <= to, { error: "The first tag is above the last one.", path: ["to"] });

export const CreateVmNetwork = z.strictObject({
  ...NamespaceField,
  name: LabelName,
  clusterNetwork: ClusterNetworkName,
  network: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("vlan"), vlan: VlanId }),
    z.strictObject({ type: z.literal("untagged") }),
    z.strictObject({ type: z.literal("trunk"), ranges: z.array(TrunkRange).min(1).max(100) }),
  ]),
  /** How the network's gateway is found: by DHCP, or as it is said here. */
  route: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("auto"), dhcpServer: Ipv4.optional() }),
      z.strictObject({ mode: z.literal("manual"), cidr: Cidr, gateway: Ipv4 }),
    ])
    .default({ mode: "auto" }),
  description: Description.optional(),
  labels: Labels.optional(),
});

export const ClusterNetwork = z
  .strictObject({
    name: z.string(),
    description: z.string().nullable(),
    /** The network that every host is managed by. */
    builtIn: z.boolean(),
    ready: z.boolean().nullable(),
    mtu: z.number().nullable(),
    message: z.string().nullable(),
    ...made,
  })
  .meta({ id: "ClusterNetwork" });
export type ClusterNetwork = z.infer<typeof ClusterNetwork>;

export const CreateClusterNetwork = z.strictObject({
  ...ClusterField,
  name: ClusterNetworkName,
  description: Description.optional(),
  labels: Labels.optional(),
});

const BondMode = z.enum([
  "active-backup",
  "802.3ad",
  "balance-rr",
  "balance-xor",
  "broadcast",
  "balance-tlb",
  "balance-alb",
]);

export const VlanConfig = z
  .strictObject({
    name: z.string(),
    clusterNetwork: z.string().nullable(),
    description: z.string().nullable(),
    nodeSelector: z.record(z.string(), z.string()),
    /** The hosts that it is on now. */
    hosts: z.array(z.string()),
    nics: z.array(z.string()),
    bond: z.string().nullable(),
    mtu: z.number().nullable(),
    ...made,
  })
  .meta({ id: "ClusterVlanConfig" });
export type VlanConfig = z.infer<typeof VlanConfig>;

export const CreateVlanConfig = z.strictObject({
  ...ClusterField,
  name: LabelName,
  clusterNetwork: ClusterNetworkName,
  description: Description.optional(),
  /** The hosts by their labels; all hosts when empty. */
  nodeSelector: Labels.default({}),
  nics: z
    .array(z.string().regex(/^[A-Za-z0-9._-]{1,15}$/, "The name of a network card, such as eno2."))
    .min(1)
    .max(16)
    .refine((nics) => new Set(nics).size === nics.length, "Each card once."),
  bondMode: BondMode.default("active-backup"),
  /** Milliseconds between looks at the links; -1 leaves it to the host. */
  miimonMs: z.int().min(-1).max(10_000).default(100),
  mtu: z.int().min(576).max(9000).default(1500),
});

export const Link = z
  .strictObject({
    host: z.string(),
    nic: z.string(),
    state: z.string().nullable(),
    mac: z.string().nullable(),
    /** The monitor that saw it. */
    monitor: z.string(),
  })
  .meta({ id: "ClusterLink" });

export const VlanStatus = z
  .strictObject({
    name: z.string(),
    host: z.string().nullable(),
    clusterNetwork: z.string().nullable(),
    vlanConfig: z.string().nullable(),
    ready: z.boolean().nullable(),
    message: z.string().nullable(),
    vlans: z.array(z.strictObject({ vlan: z.number(), cidr: z.string().nullable() })),
  })
  .meta({ id: "ClusterVlanStatus" });

export const LinkReport = z
  .strictObject({ links: z.array(Link), networks: z.array(VlanStatus) })
  .meta({ id: "ClusterLinkReport" });
export type LinkReport = z.infer<typeof LinkReport>;

export const LinkQuery = z.strictObject({ ...ClusterField, host: ObjectName.optional() });
