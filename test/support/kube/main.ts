import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { createSimulator } from "./create-simulator.ts";
import { administrator, harvesterCluster } from "./harvester/harvester-cluster.ts";
import { selfSignedCertificate } from "./self-signed.ts";

const help = `npm run harvester:sim -- [options]

A simulated Harvester cluster on the loopback: the Kubernetes API, Steve, consoles and Prometheus.

  --port N            where it listens; 0 finds a free port (6443)
  --speed N           how many times as fast as the wall clock its time runs (1)
  --token TEXT        bearer token of the administrator (a fixed one for trying things out)
  --agent-token TEXT  bearer token of the service account harvester-system/maru-agent
  --seed cluster|calm|empty
                      with machines in trouble, without, or nothing at all (cluster)
  --tls               serves HTTPS with a certificate made at the start
  --kubeconfig FILE   writes a kubeconfig for the administrator
  --agent-kubeconfig FILE
                      writes a kubeconfig for the service account

With TLS and without --kubeconfig, clients need the certificate: it is printed.
`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "6443" },
    speed: { type: "string", default: "1" },
    token: { type: "string", default: "harvester-sim-admin" },
    "agent-token": { type: "string", default: "harvester-sim-agent" },
    seed: { type: "string", default: "cluster" },
    tls: { type: "boolean", default: false },
    kubeconfig: { type: "string" },
    "agent-kubeconfig": { type: "string" },
    help: { type: "boolean", default: false },
  },
});

function portFrom(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  console.error(`--port is a number from 0 to 65535, not "${text}". See --help.`);
  process.exit(2);
}

function amount(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  console.error(`--${name} must be a number above 0, and "${text}" is none. See --help.`);
  process.exit(2);
}

function seedNamed(text: string): "cluster" | "calm" | "empty" {
  if (text === "cluster" || text === "calm" || text === "empty") return text;
  console.error(`--seed is cluster, calm or empty, not "${text}".`);
  process.exit(2);
}

function kubeconfig(url: string, token: string, certificate: string | undefined): string {
  const name = "harvester-sim";
  const authority =
    certificate === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(certificate).toString("base64") };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: url, ...authority } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: "default" } }],
  });
}

if (values.help) {
  console.log(help);
  process.exit(0);
}

const tls = values.tls ? selfSignedCertificate("127.0.0.1") : undefined;
const account = "system:serviceaccount:harvester-system:maru-agent";
const simulator = await createSimulator({
  extensions: harvesterCluster({ seed: seedNamed(values.seed) }),
  tokens: {
    [values.token]: administrator,
    [values["agent-token"]]: {
      name: account,
      groups: ["system:serviceaccounts", "system:serviceaccounts:harvester-system", "system:authenticated"],
    },
  },
  clock: amount("speed", values.speed),
  port: portFrom(values.port),
  ...(tls === undefined ? {} : { tls }),
});

console.log(`Harvester (simulated) at ${simulator.url}`);
console.log(`  administrator  Authorization: Bearer ${values.token}`);
console.log(`  agent          Authorization: Bearer ${values["agent-token"]}`);
console.log("  login          admin / harvester-admin at /v3-public/localProviders/local?action=login");
for (const [file, token] of [
  [values.kubeconfig, values.token],
  [values["agent-kubeconfig"], values["agent-token"]],
] as const) {
  if (file === undefined) continue;
  writeFileSync(file, kubeconfig(simulator.url, token, tls?.cert), { mode: 0o600 });
  console.log(`  kubeconfig     ${file}`);
}
if (tls !== undefined && values.kubeconfig === undefined) console.log(tls.cert);

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
