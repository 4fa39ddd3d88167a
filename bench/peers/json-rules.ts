import type { RequestData } from "../kit/rule-subjects.ts";
import { loadPeer } from "./load-peer.ts";

interface JsonRules {
  readonly Engine: new () => {
    addOperator(name: string, test: (value: string, part: string) => boolean): void;
    addRule(rule: object): void;
    run(facts: object): Promise<{ readonly events: readonly unknown[] }>;
  };
}

/** The filter rule of the benchmark in json-rules-engine; null when it isn't installed. */
export function jsonRulesFilter(): ((data: RequestData) => Promise<number>) | null {
  const peer = loadPeer<JsonRules>("json-rules-engine");
  if (peer === null) return null;
  const engine = new peer.Engine();
  engine.addOperator("startsWith", (value, part) => value.startsWith(part));
  engine.addRule({
    conditions: {
      all: [
        { fact: "level", operator: "equal", value: "error" },
        { fact: "ms", operator: "greaterThan", value: 900 },
        { fact: "service", operator: "startsWith", value: "pay" },
      ],
    },
    event: { type: "slow" },
  });
  return async (data) => (await engine.run(data)).events.length;
}
