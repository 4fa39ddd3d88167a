import * as z from "zod";
import { logLevels } from "../log/logger.ts";
import { Policy } from "../policy/policy.ts";

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a name of small letters, digits and dashes");
const Method = z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/** A header's value, or the file that holds it, which is read for each request. */
const HeaderValue = z.union([z.string(), z.strictObject({ file: z.string() })]);

const HttpTarget = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  methods: z.array(Method).min(1).default(["GET", "HEAD"]),
  /** Prefixes of paths that may be asked for. */
  paths: z.array(z.string().startsWith("/")).min(1).default(["/"]),
  /** Sent with each request; never shown to Maru. */
  headers: z.record(z.string(), HeaderValue).default({}),
  caFile: z.string().optional(),
  /** What `doctor` asks for. */
  check: z.string().startsWith("/").default("/"),
  maxBodyBytes: z
    .int()
    .positive()
    .default(1024 * 1024 * 1024),
});
export type HttpTarget = z.infer<typeof HttpTarget>;

const PostgresLink = z
  .strictObject({
    url: z.string().optional(),
    /** The file that holds the URL with its password; better than `url`. */
    urlFile: z.string().optional(),
    statementTimeoutMs: z.int().positive().max(600_000).default(15_000),
    maxRows: z.int().positive().max(100_000).default(10_000),
    maxBytes: z
      .int()
      .positive()
      .default(16 * 1024 * 1024),
    connections: z.int().positive().max(20).default(2),
  })
  .refine(
    ({ url, urlFile }) => (url === undefined) !== (urlFile === undefined),
    "needs url or urlFile, not both",
  );
export type PostgresLink = z.infer<typeof PostgresLink>;

const Prometheus = z.strictObject({
  /** Absent: the one of Harvester's monitoring add-on, through the cluster's API. */
  url: z.url({ protocol: /^https?$/ }).optional(),
  headers: z.record(z.string(), HeaderValue).default({}),
  caFile: z.string().optional(),
});
export type Prometheus = z.infer<typeof Prometheus>;

/** Where `/v1/harvester` is served, when that is not the server of the Kubernetes API. */
const harvester = z
  .strictObject({ url: z.url({ protocol: /^https?$/ }), caFile: z.string().optional() })
  .optional();

/** agent.yaml: the local administrator's. Nothing that comes from Maru can change it. */
export const AgentConfig = z.strictObject({
  /** Where the key, the journal and the log are; `state` beside this file when absent. */
  stateDir: z.string().optional(),
  kubernetes: z
    .union([
      z.strictObject({ kubeconfig: z.string(), context: z.string().optional(), harvester }),
      z.strictObject({ inCluster: z.literal(true), harvester }),
      z.literal(false),
    ])
    .optional(),
  policy: Policy.prefault({}),
  prometheus: z.union([Prometheus, z.literal(false)]).prefault({}),
  http: z.record(name, HttpTarget).default({}),
  postgres: z.record(name, PostgresLink).default({}),
  inventory: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** Only these namespaces are told of; absent: all. */
      namespaces: z.array(z.string()).min(1).optional(),
    })
    .prefault({}),
  /** Written while the link stands: what a readiness probe looks for. */
  readyFile: z.string().optional(),
  log: z
    .strictObject({
      level: z.enum(logLevels).default("info"),
      fileBytes: z
        .int()
        .min(64 * 1024)
        .default(16 * 1024 * 1024),
      files: z.int().min(1).max(10_000).default(20),
    })
    .prefault({}),
});
export type AgentConfig = z.infer<typeof AgentConfig>;
