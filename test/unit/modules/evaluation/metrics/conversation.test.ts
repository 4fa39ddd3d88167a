import { describe, expect, it } from "vitest";
import { conversationCoherence } from "../../../../../src/modules/evaluation/metrics/conversation-coherence.ts";
import { conversationDrift } from "../../../../../src/modules/evaluation/metrics/conversation-drift.ts";
import { conversationTokenCoverage } from "../../../../../src/modules/evaluation/metrics/conversation-token-coverage.ts";
import { turnLatencyP95 } from "../../../../../src/modules/evaluation/metrics/turn-latency-p95.ts";
import { resultOf, scoreOf } from "./score-of.ts";

const user = (content: string) => ({ role: "user" as const, content });
const assistant = (content: string, contexts?: string[]) => ({
  role: "assistant" as const,
  content,
  ...(contexts === undefined ? {} : { contexts }),
});

describe("conversation metrics", () => {
  it.each([conversationTokenCoverage, conversationCoherence, conversationDrift])(
    "do not apply to a single question: $name",
    async (metric) => {
      expect(await scoreOf<never>(metric as never, { input: "질문", output: "답" })).toBe("no_conversation");
    },
  );
});

describe("conversation_token_coverage", () => {
  it("is the mean over turns with contexts", async () => {
    const input = [
      user("보험료?"),
      assistant("보험료는 15만원입니다", ["보험료는 15만원입니다"]),
      user("기간?"),
      assistant("기간은 20년입니다", ["기간은 10년입니다"]),
      assistant("감사합니다"),
    ];
    expect(await scoreOf(conversationTokenCoverage, { input })).toBe(0.75);
  });

  it("takes the output and its contexts for the last turn", async () => {
    const parts = { input: [user("보험료?")], output: "보험료는 15만원", contexts: ["보험료는 15만원"] };
    expect(await scoreOf(conversationTokenCoverage, parts)).toBe(1);
  });

  it("does not apply without contexts", async () => {
    expect(await scoreOf(conversationTokenCoverage, { input: [user("a"), assistant("b")] })).toBe(
      "no_turn_contexts",
    );
  });
});

describe("conversation_coherence", () => {
  it("is the mean Jaccard index of neighbours", async () => {
    const input = [user("보험료 납입"), assistant("보험료 안내"), user("전혀 다른 말")];
    expect(await scoreOf(conversationCoherence, { input })).toBeCloseTo((1 / 3 + 0) / 2, 12);
  });

  it("reads a turn with contexts by them", async () => {
    expect(
      await scoreOf(conversationCoherence, { input: [user("보험료"), assistant("네", ["보험료"])] }),
    ).toBe(1);
  });

  it("does not apply to one turn, where EvalVault gives 1", async () => {
    expect(await scoreOf(conversationCoherence, { input: [user("보험료")] })).toBe("too_few_turns");
    expect(await scoreOf(conversationCoherence, { input: [user("보험료")] }, { compat: "evalvault" })).toBe(
      1,
    );
  });
});

describe("conversation_drift", () => {
  it("compares the first question with the last answer", async () => {
    const input = [user("보험료 납입"), assistant("네"), user("그럼?"), assistant("보험료 안내")];
    const result = await resultOf(conversationDrift, { input, metadata: { driftTolerance: 0.7 } });
    expect(result.score).toBeCloseTo(2 / 3, 12);
    expect(result.evidence[0]).toMatchObject({ verdict: true });
    expect(conversationDrift.direction).toBe("lower");
  });

  it("needs both", async () => {
    expect(await scoreOf(conversationDrift, { input: [user("보험료")] })).toBe("too_few_turns");
  });
});

describe("turn_latency_p95", () => {
  it("is linear between ranks", async () => {
    const latencyMs = Array.from({ length: 11 }, (_, index) => index * 100);
    expect(await scoreOf(turnLatencyP95, { metadata: { latencyMs } })).toBeCloseTo(950, 9);
    expect(await scoreOf(turnLatencyP95, { metadata: { latencyMs: 420 } })).toBe(420);
  });

  it("reads the turns of a conversation", async () => {
    const messages = [
      { index: 1, latency_ms: 100 },
      { index: 3, metadata: { latencyMs: 300 } },
      { index: 4 },
    ];
    expect(await scoreOf(turnLatencyP95, { metadata: { messages } })).toBeCloseTo(290, 9);
  });

  it("does not apply without numbers", async () => {
    expect(await scoreOf(turnLatencyP95, {})).toBe("no_latency");
    expect(await scoreOf(turnLatencyP95, { metadata: { latencyMs: ["x", -1] } })).toBe("no_latency");
  });
});
