export interface CallTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A metric as the preview sees it; one without a model makes no calls. */
export interface PreviewedMetric<Case> {
  readonly name: string;
  readonly model: string | null;
  readonly callsOf: (evaluationCase: Case) => number;
  /** The tokens of one call about a case. */
  readonly tokensOf: (evaluationCase: Case) => CallTokens;
}

/** The cost in micros of `calls` calls of one size; null when the model has no price, which is never guessed. */
export type CostOfCalls = (model: string, calls: number, each: CallTokens) => number | null;

/** How a case of the preview departs from the estimate of a call. `repairRate`: calls that need a second turn. */
export interface Scenario {
  readonly inputScale: number;
  readonly outputScale: number;
  readonly repairRate: number;
}

export interface PreviewOptions {
  readonly repeats?: number;
  /** The cases of the whole run when `cases` is only a sample of them. */
  readonly totalCases?: number;
  readonly scenarios?: { readonly low: Scenario; readonly expected: Scenario; readonly high: Scenario };
}

export interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface MetricCost {
  readonly metric: string;
  readonly model: string | null;
  readonly calls: Range;
  readonly inputTokens: Range;
  readonly outputTokens: Range;
  /** Null when the model has no price. */
  readonly costMicros: Range | null;
}

export interface CostPreview {
  readonly cases: number;
  readonly metrics: readonly MetricCost[];
  readonly calls: Range;
  /** The sum over priced metrics: a lower bound unless `unpricedModels` is empty. */
  readonly costMicros: Range;
  readonly unpricedModels: readonly string[];
}

/** Assumptions, not measurements: shorter answers and no repair; as estimated; long answers, each repaired once. */
const defaultScenarios = {
  low: { inputScale: 0.8, outputScale: 0.5, repairRate: 0 },
  expected: { inputScale: 1, outputScale: 1, repairRate: 0.05 },
  high: { inputScale: 1.3, outputScale: 2, repairRate: 1 },
} as const;

/**
 * What a run is expected to cost before it is made: for each metric expected judge calls × tokens × price, over the
 * cases (scaled up from a sample) and repeats. Answers found in a cache cost nothing and are not counted on.
 */
export function previewCost<Case>(
  cases: readonly Case[],
  metrics: readonly PreviewedMetric<Case>[],
  costOf: CostOfCalls,
  options: PreviewOptions = {},
): CostPreview {
  const { low, expected, high } = options.scenarios ?? defaultScenarios;
  const total = options.totalCases ?? cases.length;
  const scale = cases.length === 0 ? 0 : ((options.repeats ?? 1) * total) / cases.length;
  const costs = metrics.map((metric) => {
    const use = [low, expected, high].map((scenario) => useOf(metric, cases, scenario, costOf, scale));
    const range = (pick: (use: Use) => number) => rangeOf(use.map(pick));
    return {
      metric: metric.name,
      model: metric.model,
      calls: range(({ calls }) => calls),
      inputTokens: range(({ inputTokens }) => inputTokens),
      outputTokens: range(({ outputTokens }) => outputTokens),
      costMicros: use.some(({ cost }) => cost === null) ? null : range(({ cost }) => cost ?? 0),
    };
  });
  const priced = costs.flatMap(({ costMicros }) => costMicros ?? []);
  const unpriced = costs.filter(({ costMicros }) => costMicros === null).flatMap(({ model }) => model ?? []);
  return {
    cases: total,
    metrics: costs,
    calls: sumOf(costs.map(({ calls }) => calls)),
    costMicros: sumOf(priced),
    unpricedModels: [...new Set(unpriced)],
  };
}

interface Use extends CallTokens {
  readonly calls: number;
  readonly cost: number | null;
}

function useOf<Case>(
  { model, callsOf, tokensOf }: PreviewedMetric<Case>,
  cases: readonly Case[],
  scenario: Scenario,
  costOf: CostOfCalls,
  scale: number,
): Use {
  const use = { calls: 0, inputTokens: 0, outputTokens: 0 };
  let cost: number | null = 0;
  for (const evaluationCase of model === null ? [] : cases) {
    const calls = Math.ceil(callsOf(evaluationCase));
    if (calls <= 0) continue;
    const first = scaled(tokensOf(evaluationCase), scenario);
    // The repair turn sends the prompt and the refused answer again.
    const repair = { inputTokens: first.inputTokens + first.outputTokens, outputTokens: first.outputTokens };
    const turns = calls * scenario.repairRate;
    use.calls += calls + turns;
    use.inputTokens += calls * first.inputTokens + turns * repair.inputTokens;
    use.outputTokens += calls * first.outputTokens + turns * repair.outputTokens;
    const firstCost = model === null ? null : costOf(model, calls, first);
    const repairCost = turns === 0 || model === null ? 0 : costOf(model, calls, repair);
    cost =
      cost === null || firstCost === null || repairCost === null
        ? null
        : cost + firstCost + scenario.repairRate * repairCost;
  }
  return {
    calls: Math.ceil(use.calls * scale),
    inputTokens: Math.ceil(use.inputTokens * scale),
    outputTokens: Math.ceil(use.outputTokens * scale),
    cost: cost === null ? null : Math.ceil(cost * scale),
  };
}

function scaled(
  { inputTokens, outputTokens }: CallTokens,
  { inputScale, outputScale }: Scenario,
): CallTokens {
  return {
    inputTokens: Math.ceil(inputTokens * inputScale),
    outputTokens: Math.ceil(outputTokens * outputScale),
  };
}

function rangeOf([low = 0, expected = 0, high = 0]: readonly number[]): Range {
  return { low, expected, high };
}

function sumOf(ranges: readonly Range[]): Range {
  return ranges.reduce(
    (sum, range) => ({
      low: sum.low + range.low,
      expected: sum.expected + range.expected,
      high: sum.high + range.high,
    }),
    { low: 0, expected: 0, high: 0 },
  );
}
