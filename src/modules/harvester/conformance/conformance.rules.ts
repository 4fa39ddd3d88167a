/** What Harvester asks of hosts: for a trial, and for production. */
export type Profile = "test" | "production";

export interface HostFacts {
  readonly name: string;
  readonly role: "management" | "worker" | "witness";
  readonly architecture: string | null;
  /** Whether the host offers hardware virtualisation to machines; null when it does not say. */
  readonly virtualization: boolean | null;
  readonly cpu: number | null;
  readonly memoryBytes: number | null;
  readonly diskBytes: readonly number[];
  /** Random operations a second of its slowest disk, measured. */
  readonly iops: number | null;
  readonly nicGbps: number | null;
  readonly ipAddress: string | null;
  /** The address with which it joined. */
  readonly joinedWith: string | null;
  /** Whether its uplinks for VLANs are up; null when none is set up. */
  readonly uplinksReady: boolean | null;
}

export interface ClusterWideFacts {
  readonly vlansInUse: boolean | null;
  readonly vip: {
    readonly mode: string | null;
    readonly address: string | null;
    readonly hardwareAddress: string | null;
  } | null;
  readonly versions: readonly string[];
}

export interface Requirement {
  readonly requirement: string;
  readonly status: "pass" | "warn" | "fail" | "unknown";
  readonly found: string | null;
  readonly required: string;
  /** What to do about it; null when there is nothing. */
  readonly todo: string | null;
}

export interface Conformance {
  readonly profile: Profile;
  readonly status: Requirement["status"];
  readonly hosts: readonly {
    readonly name: string;
    readonly role: string;
    readonly status: Requirement["status"];
    readonly requirements: readonly Requirement[];
  }[];
  readonly cluster: readonly Requirement[];
}

const gib = 2 ** 30;
const gb = 1e9;

/** Hardware requirements of Harvester; a disk of several may be smaller in a trial. */
const needs = {
  test: { cpu: 8, memory: 32 * gib, disk: 250 * gb, oneOfSeveral: 180 * gb, nicGbps: 1, management: 1 },
  production: {
    cpu: 16,
    memory: 64 * gib,
    disk: 500 * gb,
    oneOfSeveral: 500 * gb,
    nicGbps: 10,
    management: 3,
  },
} as const;
const leastIops = 5000;
/** Firmware, kernel and file systems take a part of what was bought. */
const tolerance = 0.94;

/** Holds a cluster against the requirements; what can't be seen from outside is unknown and says how to find out. */
export function conformanceOf(
  profile: Profile,
  hosts: readonly HostFacts[],
  cluster: ClusterWideFacts,
): Conformance {
  const checked = hosts.map((host) => {
    const requirements = hostRequirements(profile, host, cluster);
    return { name: host.name, role: host.role, status: worst(requirements), requirements };
  });
  const wide = clusterRequirements(profile, hosts, cluster);
  return { profile, status: worst([...checked, ...wide]), hosts: checked, cluster: wide };
}

const order = ["pass", "unknown", "warn", "fail"] as const;

function worst(all: readonly { readonly status: Requirement["status"] }[]): Requirement["status"] {
  return order[Math.max(0, ...all.map(({ status }) => order.indexOf(status)))] ?? "unknown";
}

function amount(
  requirement: string,
  found: number | null,
  least: number,
  shown: (value: number) => string,
  todo: string,
  unknown: string,
): Requirement {
  const required = `${shown(least)} or more`;
  if (found === null) return { requirement, status: "unknown", found: null, required, todo: unknown };
  const enough = found >= least * tolerance;
  return {
    requirement,
    status: enough ? "pass" : "fail",
    found: shown(found),
    required,
    todo: enough ? null : todo,
  };
}

const inGib = (bytes: number) => `${Math.round(bytes / gib)} GiB`;
const inGb = (bytes: number) => `${Math.round(bytes / gb)} GB`;
const cores = (count: number) => `${count} cores`;

function hostRequirements(profile: Profile, host: HostFacts, cluster: ClusterWideFacts): Requirement[] {
  const general = [architecture(host), address(host), trunk(host, cluster)];
  // A witness only votes: none of the amounts is asked of it.
  if (host.role === "witness") return general;
  const need = needs[profile];
  return [
    ...general,
    virtualization(host),
    amount(
      "cpu",
      host.cpu,
      need.cpu,
      cores,
      "Add processors or use a larger host.",
      "The host does not say its processors.",
    ),
    amount(
      "memory",
      host.memoryBytes,
      need.memory,
      inGib,
      "Add memory.",
      "The host does not say its memory.",
    ),
    disk(profile, host),
    iops(host),
    amount(
      "nic",
      host.nicGbps,
      need.nicGbps,
      (gbps) => `${gbps} Gbit/s`,
      "Use a faster network interface.",
      "Switch monitoring on, or set the host's annotation maru.dev/nic-gbps to the speed of its slowest uplink.",
    ),
  ];
}

function architecture({ architecture: found }: HostFacts): Requirement {
  const base = { requirement: "architecture", found, required: "x86_64" };
  if (found === null) return { ...base, status: "unknown", todo: "The host does not say its architecture." };
  if (found === "amd64" || found === "x86_64") return { ...base, status: "pass", todo: null };
  return {
    ...base,
    status: "warn",
    todo: "Harvester's releases for other architectures are technical previews.",
  };
}

function virtualization({ virtualization: found }: HostFacts): Requirement {
  const base = { requirement: "virtualization", required: "Intel VT-x or AMD-V" };
  if (found === null)
    return { ...base, status: "unknown", found: null, todo: "Look whether /dev/kvm is there on the host." };
  return found
    ? { ...base, status: "pass", found: "on", todo: null }
    : { ...base, status: "fail", found: "off", todo: "Switch hardware virtualisation on in the firmware." };
}

function disk(profile: Profile, { diskBytes }: HostFacts): Requirement {
  const several = diskBytes.length > 1;
  const least = several ? needs[profile].oneOfSeveral : needs[profile].disk;
  const largest = diskBytes.length === 0 ? null : Math.max(...diskBytes);
  const checked = amount(
    "disk",
    largest,
    least,
    inGb,
    "Use a larger disk, or add one.",
    "The host's storage can't be read. Look at its disks.",
  );
  return { ...checked, required: `${checked.required}${several ? " on one of several disks" : ""}` };
}

function iops({ iops: found, role }: HostFacts): Requirement {
  const required = `${leastIops} random operations a second`;
  if (found === null) {
    const todo =
      "Measure with fio (4 KiB, random, mixed) on each disk and set the host's annotation maru.dev/disk-iops to the slowest.";
    return { requirement: "iops", status: "unknown", found: null, required, todo };
  }
  if (found >= leastIops)
    return { requirement: "iops", status: "pass", found: String(found), required, todo: null };
  const status = role === "management" ? "fail" : "warn";
  const todo =
    role === "management"
      ? "Use SSD or NVMe: etcd of a management host waits for its disk."
      : "Use SSD or NVMe: volumes on this host will be slow.";
  return { requirement: "iops", status, found: String(found), required, todo };
}

function address({ ipAddress, joinedWith }: HostFacts): Requirement {
  const base = { requirement: "static_ip", found: ipAddress, required: "an address that never changes" };
  if (ipAddress === null) return { ...base, status: "unknown", todo: "The host does not say its address." };
  if (joinedWith === null)
    return {
      ...base,
      status: "unknown",
      todo: "See that the host has a static address, or always the same from DHCP.",
    };
  if (joinedWith === ipAddress) return { ...base, status: "pass", todo: null };
  const todo = `It joined with ${joinedWith}. Give it that address again, and fix it in DHCP or on the host.`;
  return { ...base, status: "fail", todo };
}

function trunk({ uplinksReady }: HostFacts, { vlansInUse }: ClusterWideFacts): Requirement {
  const base = {
    requirement: "trunk",
    required: "switch ports that carry tagged VLANs, where VLANs are used",
  };
  if (vlansInUse === false) return { ...base, status: "pass", found: "no VLAN is used", todo: null };
  if (uplinksReady === false)
    return {
      ...base,
      status: "fail",
      found: "an uplink is down",
      todo: "Look at the VLAN configuration and the cabling of the host.",
    };
  return {
    ...base,
    status: "unknown",
    found: vlansInUse ? "VLANs are used" : null,
    todo: "A switch can't be asked from here: see that its ports to this host are trunks for the VLANs in use.",
  };
}

function clusterRequirements(
  profile: Profile,
  hosts: readonly HostFacts[],
  { vip, versions }: ClusterWideFacts,
): Requirement[] {
  const management = hosts.filter(({ role }) => role === "management").length;
  const votes = management + hosts.filter(({ role }) => role === "witness").length;
  const least = needs[profile].management;
  const enough = votes >= least && management >= Math.min(2, least);
  return [
    {
      requirement: "management_hosts",
      status: enough ? "pass" : "fail",
      found: `${management} management, ${votes - management} witness`,
      required: least === 1 ? "1" : "3, one of which may be a witness",
      todo: enough
        ? null
        : "Add hosts: with fewer than three votes the cluster does not survive the loss of one.",
    },
    vipRequirement(vip),
    {
      requirement: "same_version",
      status: versions.length <= 1 ? "pass" : "warn",
      found: versions.join(", ") || null,
      required: "one version on all hosts",
      todo: versions.length <= 1 ? null : "Finish the upgrade.",
    },
  ];
}

function vipRequirement(vip: ClusterWideFacts["vip"]): Requirement {
  const base = { requirement: "vip", required: "static, or DHCP with a hardware address" };
  if (vip === null || vip.mode === null)
    return {
      ...base,
      status: "unknown",
      found: null,
      todo: "See how the cluster's virtual address is given.",
    };
  const found = `${vip.mode} ${vip.address ?? ""}`.trim();
  if (vip.mode === "static") return { ...base, status: "pass", found, todo: null };
  return vip.hardwareAddress === null
    ? {
        ...base,
        status: "fail",
        found,
        todo: "With DHCP the virtual address needs a hardware address (vip_hw_addr).",
      }
    : {
        ...base,
        status: "warn",
        found,
        todo: "See that DHCP always gives the same address; hosts join through it.",
      };
}
