import * as z from "zod";
import type { MetricTarget } from "../../../../../contracts/rule-metrics.ts";

/** Where a Prometheus is asked and how often: parameters of templates that poll one. */
export const polled = (query: string) => ({
  url: z
    .url()
    .max(2048)
    .default("https://prometheus.example.com/api/v1/query")
    .describe("The address of your Prometheus' instant queries."),
  query: z
    .string()
    .min(1)
    .max(8192)
    .default(query)
    .describe("The query; each series is an alert of its own."),
  intervalSeconds: z.int().min(10).max(86_400).default(60).describe("How often it is asked, in seconds."),
  secretName: z.string().min(1).max(200).optional().describe("A secret that is sent as a bearer token."),
});

interface Polled {
  readonly url: string;
  readonly query: string;
  readonly intervalSeconds: number;
  readonly secretName?: string | undefined;
}

/** The trigger of a rule that polls Prometheus. */
export function polling({ url, query, intervalSeconds, secretName }: Polled) {
  const metric: z.input<typeof MetricTarget> = {
    url,
    query,
    format: "prometheus",
    intervalMs: intervalSeconds * 1_000,
    ...(secretName === undefined ? {} : { secretName }),
  };
  return { kind: "metric" as const, metric };
}
