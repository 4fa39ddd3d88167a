import * as z from "zod";
import { LabelName, PositiveDuration } from "./rule-words.ts";

/** How a metric is polled and read. The value of each series is `value`, its labels `labels`. */
export const MetricTarget = z.strictObject({
  intervalMs: z.int().min(10_000).max(86_400_000),
  timeoutMs: z.int().min(100).max(60_000).optional(),
  url: z.url().max(2048),
  method: z.enum(["GET", "POST"]).default("GET"),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().max(65_536).optional(),
  secretName: z.string().optional(),
  format: z.enum(["prometheus", "json"]),
  /** `prometheus`: the instant query. */
  query: z.string().max(8192).optional(),
  /** `json`: a JSONPath (RFC 9535) or a JSON pointer to the value or the list of elements. */
  select: z.string().max(1024).optional(),
  /** `json` with a list: a JSON pointer from an element to its value. */
  value: z.string().max(512).optional(),
  /** `json` with a list: label name to a JSON pointer inside the element. */
  labels: z.record(LabelName, z.string().max(512)).optional(),
  /** A sample older than this is no data. */
  lookbackMs: PositiveDuration.default(300_000),
});
export type MetricTarget = z.infer<typeof MetricTarget>;
