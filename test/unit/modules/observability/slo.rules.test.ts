import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import {
  burnRate,
  errorRatio,
  hoursOf,
  recordName,
  renamed,
  ruleFile,
} from "../../../../src/modules/observability/slo.rules.ts";
import { alertRules, burnPolicies, slos } from "../../../../src/modules/observability/slo.ts";

const file = ruleFile(slos, burnPolicies, alertRules, "maru");
const rules = file.groups.flatMap((group) => group.rules);
const records = rules.flatMap((rule) => ("record" in rule ? [rule] : []));
const alerts = rules.flatMap((rule) => ("alert" in rule ? [rule] : []));

it("reads durations", () => {
  expect(["5m", "1h", "7d"].map(hoursOf)).toEqual([5 / 60, 1, 168]);
  expect(() => hoursOf("5s")).toThrow(RangeError);
});

it("gives the burn rates of the SRE workbook for thirty days", () => {
  expect(burnPolicies["30d"].map((policy) => burnRate(policy, "30d"))).toEqual([14.4, 6, 1]);
});

it("alerts at rates that are faster than allowed and that the error ratio can reach", () => {
  for (const slo of slos) {
    for (const policy of burnPolicies[slo.window]) {
      const rate = burnRate(policy, slo.window);
      expect(rate).toBeGreaterThanOrEqual(1);
      expect((rate * (100 - slo.target)) / 100).toBeLessThan(1);
      expect(hoursOf(policy.short)).toBeLessThan(hoursOf(policy.long));
    }
  }
});

it("counts a time in which nothing is good as all bad, and one in which nothing happens as nothing", () => {
  expect(errorRatio({ good: "good[$window]", total: "all[$window]" }, "5m")).toBe(
    "1 - ((good[5m] or vector(0)) / all[5m])",
  );
});

describe("the rule file", () => {
  it("records every range that an alert looks at, for each objective once", () => {
    const recorded = records.map(({ record, labels }) => `${record}{slo="${labels.slo}"}`);
    expect(new Set(recorded).size).toBe(recorded.length);
    for (const { expr, labels } of alerts) {
      if (labels.slo === undefined) continue;
      const used = expr.match(/maru:slo_error_ratio:rate\w+\{slo="\w+"\}/g) ?? [];
      expect(used).toHaveLength(2);
      for (const name of used) expect(recorded).toContain(name);
    }
    for (const slo of slos) expect(recorded).toContain(`${recordName(slo.window)}{slo="${slo.name}"}`);
  });

  it("has the alerts on errors, backlog, cost and a silent worker", () => {
    expect(alerts.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining(["HighErrorRate", "QueueBacklog", "CostSpike", "WorkerUnhealthy"]),
    );
    for (const { labels, annotations } of alerts) {
      expect(["critical", "warning"]).toContain(labels.severity);
      expect(annotations.summary).not.toBe("");
    }
  });

  it("follows another prefix everywhere", () => {
    expect(JSON.stringify(ruleFile(slos, burnPolicies, alertRules, "evalvault"))).not.toContain("maru");
    expect(renamed({ expr: 'up{job="maru"} == 0' }, "x")).toEqual({ expr: 'up{job="x"} == 0' });
  });
});

const promtool = spawnSync("promtool", ["--version"]).status === 0;

/** Runs where Prometheus' own tool is installed. */
it.skipIf(!promtool)(
  "is a rule file to Prometheus itself, whose alert fires when every request fails",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "maru-slo-"));
    const write = (name: string, value: unknown) => {
      const path = join(folder, name);
      writeFileSync(path, stringify(value));
      return path;
    };
    const run = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync("promtool", args, { cwd: folder, encoding: "utf8" });
      return { status, said: stdout + stderr };
    };
    const rulesFile = write("rules.yaml", file);
    expect(run("check", "rules", "--lint=all", "--lint-fatal", rulesFile)).toMatchObject({ status: 0 });

    const burning = alerts.filter(({ labels }) => labels.slo === "api_availability");
    const fired = burning.map(({ labels, annotations }) => ({
      exp_labels: labels,
      exp_annotations: annotations,
    }));
    const [first] = burning;
    const given = (status: string, expected: unknown[]) => ({
      interval: "1m",
      input_series: [{ series: `maru_http_requests_total{status="${status}"}`, values: "0+60x60" }],
      alert_rule_test: [{ eval_time: "1h", alertname: first?.alert, exp_alerts: expected }],
    });
    const tests = write("tests.yaml", {
      rule_files: [rulesFile],
      tests: [given("500", fired), given("200", [])],
    });
    expect(run("test", "rules", tests)).toMatchObject({ status: 0 });
    rmSync(folder, { recursive: true });
  },
);
