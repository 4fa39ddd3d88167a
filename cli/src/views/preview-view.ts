import type { Cli } from "../cli.ts";
import { money } from "../terminal/numbers.ts";

interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** What a run would cost, metric by metric. */
export interface RunPreview {
  readonly cases: number;
  readonly metrics: readonly {
    readonly metric: string;
    readonly model: string | null;
    readonly calls: Range;
    readonly costMicros: Range | null;
  }[];
  readonly calls: Range;
  readonly costMicros: Range;
  readonly unpricedModels: readonly string[];
}

export function previewView({ out, say }: Pick<Cli, "out" | "say">, preview: RunPreview): string {
  const total = { metric: "Σ", model: null, calls: preview.calls, costMicros: preview.costMicros };
  return [
    `${out.paint.bold(say.preview)}  ${say.cases} ${preview.cases}`,
    "",
    out.table<RunPreview["metrics"][number]>(
      [
        { title: say.metric, of: ({ metric }) => metric },
        { title: say.model, of: ({ model }) => model },
        { title: say.calls, align: "right", of: ({ calls }) => Math.round(calls.expected) },
        { title: say.low, align: "right", of: ({ costMicros }) => costMicros && money(costMicros.low) },
        {
          title: say.expected,
          align: "right",
          of: ({ costMicros }) => costMicros && money(costMicros.expected),
        },
        { title: say.high, align: "right", of: ({ costMicros }) => costMicros && money(costMicros.high) },
      ],
      [...preview.metrics, total],
    ),
    ...(preview.unpricedModels.length > 0
      ? [`${say.costAtLeast}: ${preview.unpricedModels.join(", ")}`]
      : []),
  ].join("\n");
}
