import {
  anything,
  bareObject,
  between,
  byDefault,
  conditions,
  flag,
  list,
  mapOf,
  object,
  oneOf,
  open,
  record,
  type Schema,
  text,
  textMap,
  texts,
  whole,
} from "./schema-words.ts";

export const attachment: Schema = bareObject({ spec: record({ config: text }) });

export const clusterNetwork: Schema = bareObject({
  description: text,
  config: textMap,
  enable: flag,
  status: record({ conditions }),
});

const bondMode = oneOf(
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
);

export const vlanConfig: Schema = object(
  record(
    {
      description: text,
      clusterNetwork: text,
      nodeSelector: textMap,
      uplink: record({
        nics: texts,
        linkAttributes: record({ mtu: between(0), txQLen: byDefault(between(-1), -1), hardwareAddr: text }),
        bondOptions: record({
          mode: byDefault(bondMode, "active-backup"),
          miimon: byDefault(between(-1), -1),
        }),
      }),
    },
    "clusterNetwork",
    "uplink",
  ),
);

export const vlanStatus: Schema = bareObject(
  {
    status: record(
      {
        clusterNetwork: text,
        vlanConfig: text,
        linkMonitor: text,
        node: text,
        localAreas: list(record({ vlanID: between(0, 4094), cidr: text }, "vlanID")),
        conditions,
      },
      "clusterNetwork",
      "vlanConfig",
      "linkMonitor",
      "node",
    ),
  },
  "status",
);

export const linkMonitor: Schema = object(
  record({ nodeSelector: textMap, targetLinkRule: record({ typeRule: text, nameRule: text }) }),
  record({ conditions, linkStatus: mapOf(list(open({ name: text, state: text, mac: text }, "name"))) }),
);

export const hostNetworkConfig: Schema = object(
  record(
    {
      description: text,
      nodeSelector: anything,
      clusterNetwork: { type: "string", minLength: 1 },
      underlay: flag,
      vlanID: between(1, 4094),
      mode: oneOf("static", "dhcp"),
      ips: mapOf({ type: "string", maxLength: 50 }),
    },
    "clusterNetwork",
    "vlanID",
    "mode",
  ),
);

export const loadBalancer: Schema = object(
  record({
    description: text,
    workloadType: byDefault(oneOf("vm", "cluster"), "vm"),
    ipam: byDefault(oneOf("pool", "dhcp"), "pool"),
    ipPool: text,
    listeners: list(
      record(
        {
          name: text,
          port: between(1, 65_535),
          protocol: oneOf("TCP", "UDP"),
          backendPort: between(1, 65_535),
        },
        "name",
        "port",
        "protocol",
        "backendPort",
      ),
    ),
    backendServerSelector: mapOf(texts),
    healthCheck: record({
      port: between(1, 65_535),
      successThreshold: between(1),
      failureThreshold: between(1),
      periodSeconds: between(1),
      timeoutSeconds: between(1),
    }),
  }),
  open({ address: text, backendServers: texts, conditions }),
);

export const ipPool: Schema = object(
  record(
    {
      description: text,
      ranges: list(record({ rangeStart: text, rangeEnd: text, subnet: text, gateway: text }, "subnet")),
      selector: record({
        priority: between(0),
        network: text,
        scope: list(record({ project: text, namespace: text, guestCluster: text })),
      }),
    },
    "ranges",
  ),
  record({
    total: whole,
    available: whole,
    allocated: textMap,
    allocatedHistory: textMap,
    lastAllocated: text,
    conditions,
  }),
);
