/** What is wrong with a value, or undefined. */
export type Check = (text: string) => string | undefined;

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;

/** A JSON object that a second look agrees with. */
export const jsonObject =
  (look: (value: Readonly<Record<string, unknown>>) => string | undefined = () => undefined): Check =>
  (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return `It is not JSON: ${error instanceof Error ? error.message : ""}`;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "Expected a JSON object.";
    return look(value as Record<string, unknown>);
  };

export const whole =
  (least: number, most = Number.MAX_SAFE_INTEGER): Check =>
  (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? undefined : `Expected a whole number from ${least} to ${most}.`;
  };

export const flag: Check = (text) =>
  text === "true" || text === "false" ? undefined : "Expected true or false.";

export const oneOf =
  (...values: string[]): Check =>
  (text) =>
    values.includes(text) ? undefined : `Expected one of ${values.join(", ")}.`;

export const httpUrl: Check = (text) =>
  /^https?:\/\/[^\s]+$/.test(text) && URL.canParse(text) ? undefined : "Expected an address of the web.";

export const named: Check = (text) =>
  /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(text) ? undefined : "Expected the name of an object.";

/** Percentages of what there is; less than 100 would leave hardware unused and is refused by the cluster. */
export const overcommit = jsonObject((value) => {
  for (const name of ["cpu", "memory", "storage"]) {
    const percent = member(value, name);
    if (typeof percent !== "number" || !Number.isInteger(percent) || percent < 100)
      return `${name} must be a whole number of percent, 100 or more.`;
  }
  return undefined;
});

/** A factor of 1 to 10, or 0 for none. */
export const overheadRatio: Check = (text) => {
  const ratio = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return ratio === 0 || (ratio >= 1 && ratio <= 10) ? undefined : "Expected 0, or a number from 1 to 10.";
};

const cidr = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|\/)){4}(?:[12]?\d|3[0-2])$/;

/** A network of the hosts' own: a VLAN, a cluster network, and a range of addresses. */
export const hostNetwork: Check = (text) => {
  if (text === "") return undefined;
  return jsonObject((value) => {
    const vlan = member(value, "vlan");
    if (
      vlan !== undefined &&
      (typeof vlan !== "number" || !Number.isInteger(vlan) || vlan < 0 || vlan > 4094)
    )
      return "vlan must be a whole number from 0 to 4094.";
    const cluster = member(value, "clusterNetwork");
    if (typeof cluster !== "string" || cluster === "") return "clusterNetwork must name a cluster network.";
    const range = member(value, "range");
    if (typeof range !== "string" || !cidr.test(range)) return "range must be a network such as 10.0.1.0/24.";
    return undefined;
  })(text);
};

export const addressPools = jsonObject((value) => {
  for (const [pool, blocks] of Object.entries(value)) {
    const wrong = String(blocks)
      .split(",")
      .find((block) => !cidr.test(block.trim()));
    if (wrong !== undefined) return `${wrong} of the pool ${pool} is no network such as 10.0.1.0/24.`;
  }
  return undefined;
});

export const timeServers = jsonObject((value) => {
  const servers = member(value, "ntpServers");
  if (!Array.isArray(servers)) return "ntpServers must be a list.";
  const wrong = servers.find((one) => typeof one !== "string" || !/^[A-Za-z0-9.:-]+$/.test(one));
  if (wrong !== undefined) return `${String(wrong)} is no host name or address.`;
  return new Set(servers).size === servers.length ? undefined : "A server stands there twice.";
});

/** The cluster's own traffic must not go through the proxy. */
export const proxy = jsonObject((value) => {
  for (const name of ["httpProxy", "httpsProxy"]) {
    const address = member(value, name);
    if (address !== undefined && address !== "" && (typeof address !== "string" || httpUrl(address)))
      return `${name} must be an address such as http://proxy:3128.`;
  }
  const used = member(value, "httpProxy") || member(value, "httpsProxy");
  return used && !member(value, "noProxy")
    ? "noProxy must hold the addresses of all hosts, alone or by a network."
    : undefined;
});

export const resetPolicy = jsonObject((value) => {
  const period = member(value, "period");
  return typeof period === "number" && period > 0 ? undefined : "period must be a number of seconds above 0.";
});

export const certificates = jsonObject((value) => {
  for (const [name, block] of [
    ["publicCertificate", "CERTIFICATE"],
    ["privateKey", "PRIVATE KEY"],
  ] as const) {
    const pem = member(value, name);
    if (pem === undefined || pem === "") continue;
    if (typeof pem !== "string" || !pem.includes("-----BEGIN ") || !pem.includes(`${block}-----`))
      return `${name} must be PEM.`;
  }
  return undefined;
});

export const evenMebibytes: Check = (text) => {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value > 0 && value % 2 === 0 ? undefined : "Expected an even number of MiB above 0.";
};
