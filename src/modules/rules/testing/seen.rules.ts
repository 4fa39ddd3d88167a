import { type Expectation, offsetMs, type RuleTestFailure } from "../../../../contracts/rule-tests.ts";
import { canonicalJson } from "../../../kernel/json.ts";
import type { Output } from "../engine/outputs.ts";
import { compareLines, type Line, offsetText } from "./compare-lines.rules.ts";

const shownProblems = 50;

/** What a rule did in a test so far: alerts as they stand, matches since they were last looked at. */
export class Seen {
  readonly problems: { at: string; code: string; detail: string }[] = [];
  private readonly alerts = new Map<string, Line>();
  private matches: Line[] = [];
  private readonly startAt: number;

  constructor(startAt: number) {
    this.startAt = startAt;
  }

  hear(outputs: readonly Output[]): void {
    for (const output of outputs) {
      const at = output.at - this.startAt;
      if (output.kind === "health") {
        const { code, detail } = output;
        if (this.problems.length < shownProblems) this.problems.push({ at: offsetText(at), code, detail });
      } else if (output.kind === "match") {
        const { labels, annotations } = output;
        this.matches.push({ labels, word: "match", at, annotations });
      } else if (output.kind === "transition") {
        const { labels, to, annotations } = output;
        this.alerts.set(canonicalJson(labels), { labels, word: to, annotations });
      }
    }
  }

  /** What of an expectation does not hold. */
  check({ at: offset, alerts, matches }: Expectation): RuleTestFailure[] {
    const at = String(offset);
    const open = [...this.alerts.values()].filter(({ word }) => word !== "normal");
    const matched = this.matches;
    this.matches = [];
    const failures: RuleTestFailure[] = [];
    if (alerts !== undefined) {
      const wanted = alerts.map(({ status, ...rest }) => ({ word: status, ...rest }));
      failures.push({ at, of: "alerts", ...compareLines(wanted, open) });
    }
    if (matches !== undefined) {
      const wanted = matches.map(({ at: when, ...rest }) => {
        const time = when === undefined ? {} : { at: offsetMs(when) };
        return { word: "match", ...rest, ...time };
      });
      failures.push({ at, of: "matches", ...compareLines(wanted, matched) });
    }
    return failures.filter(({ missing, unexpected }) => missing.length + unexpected.length > 0);
  }
}
