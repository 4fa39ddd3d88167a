import * as z from "zod";
import { LabelName, PositiveDuration } from "./rule-words.ts";

/** How a metric is polled and read. The value of each series is `value`, its labels `labels`. */
export const MetricTarget = z.strictObject({
  /** The tenant's global interval where it is left out; never more often than that. */
  intervalMs: z.int().min(10_000).max(86_400_000).optional(),
  /** At most half the interval; 10 s, or half the interval, where it is left out. */
  timeoutMs: z.int().min(100).max(60_000).optional(),
  /** `prometheus`: the address of the server; `/api/v1/query` is added. */
  url: z.url().max(2048),
  method: z.enum(["GET", "POST"]).default("GET"),
  /** A value may hold `{{secret}}`; without one the secret goes as a bearer token. */
  headers: z.record(z.string().max(128), z.string().max(2048)).optional(),
  body: z.string().max(65_536).optional(),
  secretName: z.string().max(64).optional(),
  format: z.enum(["prometheus", "json"]),
  /** `prometheus`: the instant query. */
  query: z.string().max(8192).optional(),
  /** `json`: a JSONPath (RFC 9535) or a JSON pointer to the value or the list of elements; the whole body without it. */
  select: z.string().max(1024).optional(),
  /** `json` with a list: a JSON pointer from an element to its value. */
  value: z.string().max(512).optional(),
  /** `json` with a list: label name to a JSON pointer inside the element. */
  labels: z.record(LabelName, z.string().max(512)).optional(),
  /** `json`: a JSON pointer from an element to its time: seconds or milliseconds since 1970, or ISO 8601. */
  timestamp: z.string().max(512).optional(),
  /** A sample older than this is no data. */
  lookbackMs: PositiveDuration.default(300_000),
});
export type MetricTarget = z.infer<typeof MetricTarget>;
