import type { World } from "../../words.ts";
import { at, isFields, itemsAt, numberAt, textAt } from "../machines/fields.ts";
import { all, find, missing } from "./look.ts";
import { harvester } from "./refusals.ts";

/** Looks at one text of a setting. `field` is `value` or `default`; what it throws as Error is a 422 on that field. */
type Check = (text: string, field: string, world: World) => void;

function parsed(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (!isFields(value)) throw new Error("json: cannot unmarshal into an object");
  return value;
}

function wholeNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`strconv.Atoi: parsing "${text}": invalid syntax`);
  return Number(text);
}

const notNegative =
  (why: string): Check =>
  (text) => {
    if (wholeNumber(text) < 0) throw new Error(why);
  };

const overcommit: Check = (text, field) => {
  let config: Record<string, unknown>;
  try {
    config = parsed(text);
  } catch {
    throw harvester.invalid(`Invalid JSON: ${text}`, field);
  }
  for (const name of ["cpu", "memory", "storage"]) {
    const percent = numberAt(config, name) ?? 0;
    if (percent >= 100) continue;
    throw harvester.invalid(
      `Cannot undercommit. Should be greater than or equal to 100 but got ${percent}`,
      name,
    );
  }
};

const forceReset: Check = (text) => {
  const policy = parsed(text);
  const period = numberAt(policy, "period") ?? 0;
  const timeout = numberAt(policy, "vmMigrationTimeout") ?? 0;
  if (period <= 0) throw new Error(`period value should be greater than 0, value: ${period}`);
  if (timeout < 0) throw new Error(`vmMigrationTimeout value should be greater than 0, value: ${timeout}`);
};

const overhead: Check = (text) => {
  const ratio = Number(text);
  if (Number.isNaN(ratio)) throw new Error(`value ${text} can't be converted to float64`);
  if (ratio < 1 && ratio !== 0) throw new Error(`value ${text} can't be less than 1`);
  if (ratio > 10) throw new Error(`value ${text} can't be greater than 10`);
};

const hotplug: Check = (text, field) => {
  const ratio = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(ratio)) throw harvester.internal(`failed to parse ${field}: ${text}`);
  if (ratio < 1 || ratio > 20) {
    throw harvester.internal(`${field}: ${text} must be in range [1 .. 20]`);
  }
};

const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:]+)$/;
const HOST = /^([A-Za-z0-9*]([-A-Za-z0-9_*]*[A-Za-z0-9*])?)(\.[A-Za-z0-9]([-A-Za-z0-9_]*[A-Za-z0-9])?)*\.?$/;

const timeServers: Check = (text) => {
  const servers = at(parsed(text), "ntpServers");
  if (!Array.isArray(servers)) throw new Error("NTP servers can't be nil");
  const names = servers.map(String);
  for (const name of names) {
    if (/^https?:\/\//.test(name)) {
      throw new Error(`ntp server ${name} should not start with http:// or https://`);
    }
    if (name !== "" && !ADDRESS.test(name) && !HOST.test(name)) {
      throw new Error(`invalid NTP server: ${name}`);
    }
  }
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`duplicate NTP server: [${twice.join(" ")}]`);
};

const addressPools: Check = (text) => {
  for (const [name, written] of Object.entries(parsed(text))) {
    for (const block of String(written).split(",")) {
      if (/^\d{1,3}(\.\d{1,3}){3}\/([0-9]|[12]\d|3[0-2])$/.test(block)) continue;
      throw new Error(`invalid CIDR value ${block} of the pool ${name}`);
    }
  }
};

const bundleImage: Check = (text) => {
  if (text === "{}") return;
  const image = parsed(text);
  const filled = ["repository", "tag", "imagePullPolicy"].every((name) => textAt(image, name));
  if (!filled) throw new Error("image field can't be blank");
};

const fileName: Check = (text) => {
  if (text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)) return;
  throw new Error(
    "invalid file name: a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  );
};

const certificates: Check = (text) => {
  const given = parsed(text);
  const blocks = [
    ["ca", "CERTIFICATE"],
    ["publicCertificate", "CERTIFICATE"],
    ["privateKey", "PRIVATE KEY"],
  ] as const;
  if (blocks.every(([name]) => textAt(given, name) === undefined)) return;
  for (const [name, block] of blocks) {
    const pem = textAt(given, name);
    if (pem === undefined && name === "ca") continue;
    if (pem?.includes("-----BEGIN ") && pem.includes(`${block}-----`)) continue;
    throw harvester.invalid(`${name} is not in PEM format`, name);
  }
};

const protocols: Check = (text) => {
  const supported = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
  for (const given of (textAt(parsed(text), "protocols") ?? "").split(" ")) {
    if (given === "" || supported.includes(given)) continue;
    throw harvester.invalid(`unsupported SSL protocol: ${given}`, "protocols");
  }
};

const certificateRotation: Check = (text) => {
  const hours = numberAt(parsed(text), "expiringInHours") ?? 0;
  if (hours <= 0) throw new Error("expiringInHours can't be negative or zero");
  if (hours > 24 * 365 - 1) throw new Error(`expiringInHours can't be large than ${24 * 365 - 1}`);
};

const tokenLife: Check = (text) => {
  const minutes = wholeNumber(text);
  if (minutes < 0) throw new Error("kubeconfig-default-token-ttl-minutes can't be negative");
  if (minutes > 100 * 365 * 24 * 60) {
    throw new Error("kubeconfig-default-token-ttl-minutes exceeds 100 years");
  }
};

const memorySize: Check = (text, field) => {
  const mebi = wholeNumber(text);
  const said = "longhorn-v2-data-engine-memory-size must be";
  if (mebi <= 0) throw harvester.invalid(`${said} greater than zero`, field);
  if (mebi % 2 !== 0) throw harvester.invalid(`${said} evenly divisible by two`, field);
};

/** The addresses of nodes must bypass a proxy, alone or by a block that holds them. */
const proxy: Check = (text, field, world) => {
  const config = parsed(text);
  if (!textAt(config, "httpProxy") && !textAt(config, "httpsProxy")) return;
  const allowed = (textAt(config, "noProxy") ?? "").split(",").map((part) => part.trim());
  const left = all(world, "nodes")
    .flatMap((node) => itemsAt(node, "status", "addresses"))
    .filter((address) => address["type"] === "InternalIP")
    .map((address) => String(address["address"]))
    .filter((address) => !allowed.some((part) => part === address || holds(part, address)))
    .sort();
  if (left.length > 0) {
    throw harvester.invalid(
      `noProxy should contain the node's IP addresses or CIDR. The node(s) ${left.join(", ")} are not covered.`,
      field,
    );
  }
};

function holds(block: string, address: string): boolean {
  const [base = "", bits] = block.split("/", 2);
  if (bits === undefined || !/^\d+(\.\d+){3}$/.test(base)) return false;
  const numberOf = (written: string) => written.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(base) / size) === Math.floor(numberOf(address) / size);
}

const snapshotClass: Check = (text, _field, world) => {
  if (find(world, "volumesnapshotclasses", undefined, text) === undefined) {
    throw new Error(missing("volumesnapshotclasses", text));
  }
};

const migrationRules: Check = (text, _field, world) => {
  const busy = all(world, "virtualmachineinstancemigrations").some(
    (one) => !["Succeeded", "Failed"].includes(textAt(one, "status", "phase") ?? ""),
  );
  if (busy) {
    throw harvester.badRequest(
      "There is a VM Migration in progress, please wait until it is completed before updating the kubevirt-migration setting",
    );
  }
  if (textAt(parsed(text), "network") !== undefined) {
    throw harvester.invalid("network field is configured by vm-migration-network setting", "network");
  }
};

const vlanNetwork: Check = (text, field, world) => {
  const config = parsed(text);
  const vlan = numberAt(config, "vlan") ?? 0;
  const cluster = textAt(config, "clusterNetwork") ?? "";
  if (vlan < 0 || vlan > 4094) throw new Error(`the vlan id ${vlan} is out of range [0 .. 4094]`);
  if (!/^\d+(\.\d+){3}\/\d+$/.test(textAt(config, "range") ?? "")) {
    throw harvester.invalid(`invalid network range ${textAt(config, "range") ?? ""}`, field);
  }
  if (find(world, "clusternetworks", undefined, cluster) === undefined) {
    throw new Error(missing("clusternetworks", cluster));
  }
};

const jsonOnly: Check = (text) => {
  JSON.parse(text);
};

const anyOf =
  (...values: string[]): Check =>
  (text) => {
    if (!values.includes(text)) throw new Error(`${text} is not one of ${values.join(", ")}`);
  };

/** By the name of the setting. */
export const settingChecks: Readonly<Record<string, Check>> = {
  "additional-guest-memory-overhead-ratio": overhead,
  "auto-rotate-rke2-certs": certificateRotation,
  "cluster-pod-security-standard": jsonOnly,
  "containerd-registry": jsonOnly,
  "csi-driver-config": jsonOnly,
  "default-vm-termination-grace-period-seconds": notNegative("can't be negative"),
  "http-proxy": proxy,
  "instance-manager-resources": jsonOnly,
  "kubeconfig-default-token-ttl-minutes": tokenLife,
  "kubevirt-migration": migrationRules,
  "log-level": anyOf("info", "debug", "trace"),
  "longhorn-v2-data-engine-memory-size": memorySize,
  "max-hotplug-ratio": hotplug,
  "ntp-servers": timeServers,
  "overcommit-config": overcommit,
  "ssl-certificates": certificates,
  "ssl-parameters": protocols,
  "storage-network": vlanNetwork,
  "support-bundle-expiration": notNegative("expiration can't be negative"),
  "support-bundle-file-name": fileName,
  "support-bundle-image": bundleImage,
  "support-bundle-node-collection-timeout": notNegative("node collection timeout can't be negative"),
  "support-bundle-timeout": notNegative("timeout can't be negative"),
  "traefik-default-tls-options": jsonOnly,
  "upgrade-config": jsonOnly,
  "vip-pools": addressPools,
  "vm-force-reset-policy": forceReset,
  "vm-migration-network": vlanNetwork,
  "volume-snapshot-class": snapshotClass,
};
