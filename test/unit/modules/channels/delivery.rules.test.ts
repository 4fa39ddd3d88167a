import { describe, expect, it } from "vitest";
import type { NotifyOutcome } from "../../../../src/kernel/ports/notify.ts";
import { composeMessage } from "../../../../src/modules/channels/compose-message.rules.ts";
import { attemptDelaysMs, nextStep } from "../../../../src/modules/channels/delivery.rules.ts";
import { sampleNotification } from "../../../../src/modules/channels/templates/sample-notification.ts";

const failed = (more: Partial<Extract<NotifyOutcome, { sent: false }>> = {}): NotifyOutcome => ({
  sent: false,
  status: 503,
  retryable: true,
  gone: false,
  retryAfterMs: 0,
  snippet: "busy",
  ...more,
});

describe("a delivery", () => {
  it("is done when it was taken", () => {
    expect(nextStep({ sent: true, status: 202, snippet: "" }, 1, 0, 0)).toEqual({
      state: "sent",
      detail: "answered 202",
    });
  });
  it("is tried again after 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, then given up", () => {
    const waits = Array.from({ length: 10 }, (_, i) => nextStep(failed(), i + 1, 1000, 0)).map((step) =>
      step.state === "retry" ? (step.at - 1000) / 1000 : step.state,
    );
    expect(waits).toEqual([5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, "dead"]);
    expect(attemptDelaysMs[0]).toBe(0);
  });
  it("waits up to a tenth longer, and as long as Retry-After says when that is longer still", () => {
    expect(nextStep(failed(), 2, 0, 0.5)).toMatchObject({ at: 315_000 });
    expect(nextStep(failed({ retryAfterMs: 600_000 }), 2, 0, 0.5)).toMatchObject({ at: 600_000 });
    expect(nextStep(failed({ retryAfterMs: 1_000 }), 2, 0, 0)).toMatchObject({ at: 300_000 });
  });
  it("is given up at once when the receiver refuses it, and its channel goes off when that is gone", () => {
    expect(nextStep(failed({ status: 400, retryable: false }), 1, 0, 0)).toMatchObject({
      state: "dead",
      disables: false,
    });
    expect(nextStep(failed({ status: 410, retryable: false, gone: true }), 1, 0, 0)).toMatchObject({
      state: "dead",
      disables: true,
    });
  });
});

describe("a message", () => {
  const channel = { kind: "webhook", locale: "en", zone: "UTC", templates: {} } as const;
  it("keeps the id of its notification and one key a group", () => {
    const message = composeMessage(channel, sampleNotification("firing", 1_000_000), 2_000_000);
    expect(message).toMatchObject({
      id: "ntf_sample",
      groupKey: 'sample:{}:{alertname="HighErrorRate"}',
      status: "firing",
      severity: "critical",
      acknowledged: false,
      payload: { type: "alerts.group.firing", timestamp: new Date(1_000_000).toISOString() },
    });
    expect(message.title).toContain("HighErrorRate");
  });
  it("is acknowledged when all that fires is", () => {
    const sample = sampleNotification("firing", 0);
    const alerts = sample.alerts.map((alert) => ({ ...alert, acknowledgedBy: "usr_1" }));
    expect(composeMessage(channel, { ...sample, alerts }, 0).acknowledged).toBe(true);
  });
});
