import * as z from "zod";
import { problem } from "../kernel/problem.ts";

const flag = z.enum(["true", "false"]).transform((text) => text === "true");

/** A variable that nobody has to set; a template that was filled with nothing leaves it empty. */
const unlessEmpty = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((text) => (text === "" ? undefined : text), value.optional());

/** Config from vars and Worker secrets, parsed once an isolate. Secrets have no default. */
export const Config = z.object({
  MARU_ENVIRONMENT: z.enum(["development", "test", "production"]).default("development"),
  MARU_DATABASE: z.enum(["d1", "postgres"]).default("d1"),
  MARU_LOG_LEVEL: z.enum(["debug", "info", "warn", "error"]).default("info"),
  MARU_ORIGIN: z.url().optional(),
  MARU_CORS_ORIGINS: z.string().default(""),
  MARU_EGRESS_HTTP_HOSTS: z.string().default(""),
  MARU_EGRESS_LOOKUP: flag.default(true),
  MARU_RATE_LIMIT: z.coerce.number().int().min(1).default(600),
  MARU_RATE_WINDOW_S: z.coerce.number().int().min(1).max(3600).default(60),
  MARU_DATASET_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(256 * 1024 * 1024),
  MARU_POLLING_ENABLED: unlessEmpty(flag),
  MARU_POLLING_INTERVAL_MS: unlessEmpty(z.coerce.number().int().min(10_000).max(86_400_000)),
  MARU_POLLING_CONCURRENCY: unlessEmpty(z.coerce.number().int().min(1).max(100)),
  MARU_NOTIFICATIONS_ENABLED: unlessEmpty(flag),
  MARU_SCHEDULER_ENABLED: unlessEmpty(flag),
  MARU_ENGINE_SHARDS: unlessEmpty(z.coerce.number().int().min(1).max(16)),
  MARU_WORKERS_AI: flag.default(false),
  MARU_BOOTSTRAP_TOKEN: z.string().min(24).optional(),
  MARU_METRICS_TOKEN: z.string().min(24).optional(),
  MARU_METRICS_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/)
    .default("maru"),
  MARU_METRICS_INTERVAL_MS: z.coerce.number().int().min(0).max(10_000).default(1_000),
  MARU_KEK: z
    .string()
    .regex(/^\w+:[A-Za-z0-9+/]{43}=(,\s*\w+:[A-Za-z0-9+/]{43}=)*$/, "id:base64 of 32 bytes"),
  MARU_SIGNING_KEYS: z.string().min(1),
});
export type Config = z.infer<typeof Config>;

const parsed = new WeakMap<object, Config>();

/** The config of an environment. A fault in it is `unavailable`, naming the variables, never their values. */
export function configOf(env: object): Config {
  const known = parsed.get(env);
  if (known) return known;
  const result = Config.safeParse(env);
  if (!result.success) {
    const names = [...new Set(result.error.issues.map((issue) => String(issue.path[0])))];
    throw problem(
      "unavailable",
      "config.invalid",
      `The deployment's configuration is not valid: ${names.join(", ")}.`,
    );
  }
  parsed.set(env, result.data);
  return result.data;
}
