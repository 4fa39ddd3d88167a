import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";

/** How the agent enters the cluster. Nothing of it ever leaves the agent. */
export interface ClusterAccess {
  readonly url: URL;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly servername: string | undefined;
  /** Read anew for each request where it comes from a file, since Kubernetes rotates it. */
  token(): string | undefined;
  /** For people: the file or the service account. */
  readonly source: string;
}

/** The configuration can't be used; the message says what to change. */
export class AccessError extends Error {}

const Kubeconfig = z.object({
  "current-context": z.string().optional(),
  clusters: z.array(
    z.object({
      name: z.string(),
      cluster: z.object({
        server: z.url(),
        "certificate-authority": z.string().optional(),
        "certificate-authority-data": z.string().optional(),
        "insecure-skip-tls-verify": z.boolean().optional(),
        "tls-server-name": z.string().optional(),
      }),
    }),
  ),
  contexts: z.array(
    z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
  ),
  users: z.array(
    z.object({
      name: z.string(),
      user: z.object({
        token: z.string().optional(),
        tokenFile: z.string().optional(),
        "client-certificate": z.string().optional(),
        "client-certificate-data": z.string().optional(),
        "client-key": z.string().optional(),
        "client-key-data": z.string().optional(),
        exec: z.unknown().optional(),
        "auth-provider": z.unknown().optional(),
      }),
    }),
  ),
});

/** Reads a kubeconfig; paths in it are relative to its folder. @throws AccessError */
export function readKubeconfig(file: string, contextName?: string): ClusterAccess {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new AccessError(`The kubeconfig ${file} can't be read: ${(error as Error).message}`);
  }
  const parsed = Kubeconfig.safeParse(parse(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AccessError(
      `${file} is no kubeconfig: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
    );
  }
  const config = parsed.data;
  const name = contextName ?? config["current-context"];
  const context = config.contexts.find((one) => one.name === name)?.context;
  const cluster = config.clusters.find((one) => one.name === context?.cluster)?.cluster;
  const user = config.users.find((one) => one.name === context?.user)?.user;
  if (cluster === undefined || user === undefined) {
    throw new AccessError(`${file} has no whole context "${name ?? ""}": it needs a cluster and a user.`);
  }
  if (cluster["insecure-skip-tls-verify"] === true) {
    throw new AccessError(
      `${file} has insecure-skip-tls-verify, which the agent never follows. Put the cluster's authority into certificate-authority-data instead.`,
    );
  }
  if (user.exec !== undefined || user["auth-provider"] !== undefined) {
    throw new AccessError(
      `${file} gets its credentials from another program, which the agent doesn't run. Give it a service account's token or a client certificate.`,
    );
  }
  const at = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  const material = (path: string | undefined, data: string | undefined): string | undefined =>
    data !== undefined
      ? Buffer.from(data, "base64").toString("utf8")
      : path === undefined
        ? undefined
        : readText(at(path));
  const { tokenFile } = user;
  return {
    url: new URL(cluster.server),
    ca: material(cluster["certificate-authority"], cluster["certificate-authority-data"]),
    cert: material(user["client-certificate"], user["client-certificate-data"]),
    key: material(user["client-key"], user["client-key-data"]),
    servername: cluster["tls-server-name"],
    token: tokenFile === undefined ? () => user.token : tokenReader(at(tokenFile)),
    source: `${file} (context ${name ?? ""})`,
  };
}

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The service account of the pod that the agent runs in. @throws AccessError */
export function readServiceAccount(
  env: Readonly<Record<string, string | undefined>>,
  folder = serviceAccount,
): ClusterAccess {
  const host = env["KUBERNETES_SERVICE_HOST"];
  const tokenFile = join(folder, "token");
  if (host === undefined || !existsSync(tokenFile)) {
    throw new AccessError(
      "The agent runs in no pod of a cluster. Name a kubeconfig in agent.yaml (kubernetes.kubeconfig).",
    );
  }
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  return {
    url: new URL(`https://${host.includes(":") ? `[${host}]` : host}:${port}`),
    ca: readText(join(folder, "ca.crt")),
    cert: undefined,
    key: undefined,
    servername: undefined,
    token: tokenReader(tokenFile),
    source: "the pod's service account",
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new AccessError(`${file} can't be read: ${(error as Error).message}`);
  }
}

const rereadMs = 60_000;

function tokenReader(file: string): () => string {
  let token = readText(file).trim();
  let readAt = Date.now();
  return () => {
    if (Date.now() - readAt > rereadMs) {
      token = readText(file).trim();
      readAt = Date.now();
    }
    return token;
  };
}
