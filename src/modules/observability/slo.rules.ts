import type { AlertRule, BurnPolicy, Slo } from "./slo.ts";

interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A rule file of Prometheus (prometheus.io/docs/prometheus/latest/configuration/recording_rules). */
export interface RuleFile {
  readonly groups: readonly {
    readonly name: string;
    readonly interval?: string;
    readonly rules: readonly (RecordingRule | AlertingRule)[];
  }[];
}

const unitHours = { m: 1 / 60, h: 1, d: 24 } as const;

/** The hours of a duration such as `5m`, `6h` or `30d`. */
export function hoursOf(duration: string): number {
  const unit = duration.slice(-1);
  if (unit !== "m" && unit !== "h" && unit !== "d") throw new RangeError(`not a duration: ${duration}`);
  return Number(duration.slice(0, -1)) * unitHours[unit];
}

/** How many times faster than allowed a budget burns when `share` of it goes in `long`: share × window ÷ long. */
export function burnRate(policy: Pick<BurnPolicy, "budgetShare" | "long">, window: string): number {
  return round((policy.budgetShare * hoursOf(window)) / hoursOf(policy.long));
}

/** The share of bad events over a range; 1 when events happen and none is good, nothing when none happens. */
export function errorRatio(slo: Pick<Slo, "good" | "total">, range: string): string {
  const over = (query: string) => query.replaceAll("$window", range);
  return `1 - ((${over(slo.good)} or vector(0)) / ${over(slo.total)})`;
}

/** The name under which the error ratio over a range is recorded. */
export function recordName(range: string): string {
  return `maru:slo_error_ratio:rate${range}`;
}

/** The rules of SLOs and alerts, under another prefix than `maru` where one is set. */
export function ruleFile(
  slos: readonly Slo[],
  policies: Readonly<Record<Slo["window"], readonly BurnPolicy[]>>,
  alerts: readonly AlertRule[],
  prefix: string,
): RuleFile {
  const groups = [
    ...slos.map((slo) => ({
      name: `maru_slo_${slo.name}`,
      interval: "30s",
      rules: [...recordings(slo, policies[slo.window]), ...burnAlerts(slo, policies[slo.window])],
    })),
    { name: "maru_alerts", rules: alerts.map(stateAlert) },
  ];
  return renamed({ groups }, prefix);
}

function recordings(slo: Slo, policies: readonly BurnPolicy[]): RecordingRule[] {
  const ranges = new Set([...policies.flatMap(({ long, short }) => [short, long]), slo.window]);
  return [...ranges]
    .sort((a, b) => hoursOf(a) - hoursOf(b))
    .map((range) => ({ record: recordName(range), expr: errorRatio(slo, range), labels: { slo: slo.name } }));
}

function burnAlerts(slo: Slo, policies: readonly BurnPolicy[]): AlertingRule[] {
  const budget = round((100 - slo.target) / 100);
  return policies.map((policy) => {
    const rate = burnRate(policy, slo.window);
    const above = (range: string) => `${recordName(range)}{slo="${slo.name}"} > ${round(rate * budget)}`;
    return {
      alert: `${pascal(slo.name)}BudgetBurn`,
      expr: `${above(policy.long)} and ${above(policy.short)}`,
      for: "2m",
      labels: { severity: policy.severity, slo: slo.name, window: policy.long },
      annotations: {
        summary: `${slo.description} The error budget of ${slo.window} burns ${rate} times too fast.`,
        description: `${policy.budgetShare * 100} % of the budget goes in ${policy.long}. The target is ${slo.target} %.`,
      },
    };
  });
}

function stateAlert(rule: AlertRule): AlertingRule {
  return {
    alert: pascal(rule.name),
    expr: rule.expression,
    for: rule.forDuration,
    labels: { severity: rule.severity },
    annotations: { summary: rule.summary },
  };
}

/** Puts another prefix in place of `maru` in names of metrics, records and the scrape job. */
export function renamed<Value>(value: Value, prefix: string): Value {
  if (prefix === "maru") return value;
  const text = JSON.stringify(value)
    .replaceAll(/\bmaru([_:])/g, `${prefix}$1`)
    .replaceAll('\\"maru\\"', `\\"${prefix}\\"`);
  return JSON.parse(text) as Value;
}

const pascal = (name: string): string =>
  name.replaceAll(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase());

const round = (value: number): number => Number(value.toPrecision(6));
