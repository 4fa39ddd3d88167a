import * as z from "zod";
import { defineOperation } from "../../../kernel/operation.ts";
import { allMetrics } from "../metrics/registry.ts";
import { defaultMetrics } from "../planning/plan.rules.ts";

const MetricInfo = z
  .strictObject({
    name: z.string(),
    title: z.strictObject({ en: z.string(), ko: z.string() }),
    family: z.string(),
    direction: z.enum(["higher", "lower"]),
    range: z.array(z.number()),
    needs: z.array(z.string()),
    usesJudge: z.boolean(),
    usesEmbeddings: z.boolean(),
    isDefault: z.boolean(),
    source: z.string(),
    options: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Metric" });

export const listMetrics = defineOperation({
  action: "evaluation.metric.list",
  effect: "read",
  scope: "runs:read",
  summary: "List the metrics there are: what each needs, its range, its options and its source",
  input: z.strictObject({}),
  output: z.strictObject({ items: z.array(MetricInfo), nextCursor: z.null() }),
  raises: [],
  async run() {
    const items = [...allMetrics.values()].map((metric) => ({
      name: metric.name,
      title: metric.title,
      family: metric.family,
      direction: metric.direction,
      range: [...metric.range],
      needs: [...metric.needs],
      usesJudge: metric.usesJudge,
      usesEmbeddings: metric.usesEmbeddings,
      isDefault: (defaultMetrics as readonly string[]).includes(metric.name),
      source: metric.source,
      options: z.toJSONSchema(metric.options, { io: "input", unrepresentable: "any" }) as Record<
        string,
        unknown
      >,
    }));
    return { items, nextCursor: null };
  },
});
