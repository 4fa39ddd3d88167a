import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { OnCallSchedule } from "../../../../../contracts/on-call.ts";
import { seededRandom } from "../../../../../src/kernel/random.ts";
import { recipientsOf } from "../../../../../src/modules/alerts/on-call/recipients.rules.ts";
import { timeline, whoIsOnCall } from "../../../../../src/modules/alerts/on-call/who-is-on-call.rules.ts";

const at = (text: string) => Date.parse(text);
type Wish = z.input<typeof OnCallSchedule>;
type LayerWish = Wish["layers"][number];

const weekly: LayerWish = {
  name: "primary",
  participants: ["ana", "bo", "chi"],
  startsOn: "2026-03-02",
  handoverAt: "09:00",
  turn: { unit: "week", count: 1 },
};

function schedule(layers: LayerWish[], more: Partial<Wish> = {}): OnCallSchedule {
  return OnCallSchedule.parse({
    zone: "America/New_York",
    layers,
    fallback: { kind: "channel", id: "duty-desk" },
    ...more,
  });
}

function who(plan: OnCallSchedule, instant: string): string {
  const { source, target } = whoIsOnCall(plan, at(instant));
  return `${source}:${target.id}`;
}

function shifts(plan: OnCallSchedule, from: string, until: string): string[] {
  return timeline(plan, at(from), at(until)).map(
    ({ from: start, onCall }) =>
      `${new Date(start).toISOString().slice(0, 16)}Z ${onCall.source}:${onCall.target.id}`,
  );
}

describe("who is on call", () => {
  it("hands over at the same local time before and after the clocks change", () => {
    expect(shifts(schedule([weekly]), "2026-03-02T14:00Z", "2026-03-24T00:00Z")).toEqual([
      "2026-03-02T14:00Z layer:ana",
      "2026-03-09T13:00Z layer:bo",
      "2026-03-16T13:00Z layer:chi",
      "2026-03-23T13:00Z layer:ana",
    ]);
  });

  it("changes exactly at the handover", () => {
    const plan = schedule([weekly]);
    expect(who(plan, "2026-03-09T12:59:59.999Z")).toBe("layer:ana");
    expect(who(plan, "2026-03-09T13:00Z")).toBe("layer:bo");
  });

  it("hands over at the end of the gap when the handover time is skipped", () => {
    const daily = {
      ...weekly,
      startsOn: "2026-03-06",
      handoverAt: "02:30",
      turn: { unit: "day", count: 1 },
    } as const;
    expect(shifts(schedule([daily]), "2026-03-07T08:00Z", "2026-03-09T08:00Z")).toEqual([
      "2026-03-07T08:00Z layer:bo",
      "2026-03-08T07:00Z layer:chi",
      "2026-03-09T06:30Z layer:ana",
    ]);
  });

  it("hands over once when the handover time comes twice", () => {
    const daily = {
      ...weekly,
      startsOn: "2026-10-31",
      handoverAt: "01:30",
      turn: { unit: "day", count: 1 },
    } as const;
    expect(shifts(schedule([daily]), "2026-10-31T12:00Z", "2026-11-02T12:00Z")).toEqual([
      "2026-10-31T12:00Z layer:ana",
      "2026-11-01T05:30Z layer:bo",
      "2026-11-02T06:30Z layer:chi",
    ]);
  });

  it("counts turns of hours in elapsed time", () => {
    const hourly = {
      ...weekly,
      startsOn: "2026-03-07",
      handoverAt: "20:00",
      turn: { unit: "hour", count: 12 },
    } as const;
    expect(shifts(schedule([hourly]), "2026-03-08T01:00Z", "2026-03-09T02:00Z")).toEqual([
      "2026-03-08T01:00Z layer:ana",
      "2026-03-08T13:00Z layer:bo",
      "2026-03-09T01:00Z layer:chi",
    ]);
  });

  it("takes the last layer on duty, then the ones below it, then the fallback", () => {
    const nights: LayerWish = {
      ...weekly,
      name: "nights",
      participants: ["dee"],
      dutyHours: [{ from: "22:00", until: "06:00", weekdays: ["friday"] }],
    };
    const plan = schedule([{ ...weekly, dutyHours: [{ from: "06:00", until: "23:00" }] }, nights], {
      zone: "UTC",
    });
    expect(shifts(plan, "2026-03-06T05:00Z", "2026-03-07T23:30Z")).toEqual([
      "2026-03-06T05:00Z fallback:duty-desk",
      "2026-03-06T06:00Z layer:ana",
      "2026-03-06T22:00Z layer:dee",
      "2026-03-07T06:00Z layer:ana",
      "2026-03-07T23:00Z fallback:duty-desk",
    ]);
  });

  it("falls back before a layer starts, after it ends, and without layers", () => {
    const plan = schedule([{ ...weekly, endsOn: "2026-03-20" }], { zone: "Asia/Seoul" });
    expect(who(plan, "2026-03-01T23:59Z")).toBe("fallback:duty-desk");
    expect(who(plan, "2026-03-02T00:00Z")).toBe("layer:ana");
    expect(who(plan, "2026-03-19T14:59Z")).toBe("layer:chi");
    expect(who(plan, "2026-03-19T15:00Z")).toBe("fallback:duty-desk");
    expect(shifts(schedule([]), "2026-03-01T00:00Z", "2027-03-01T00:00Z")).toEqual([
      "2026-03-01T00:00Z fallback:duty-desk",
    ]);
  });

  it("lets overrides stand above every layer, the later entry above the earlier", () => {
    const plan = schedule([weekly], {
      overrides: [
        { userId: "eve", from: "2026-03-10T00:00:00Z", until: "2026-03-11T00:00:00Z" },
        { userId: "flo", from: "2026-03-10T12:00:00Z", until: "2026-03-10T18:00:00Z" },
      ],
    });
    expect(shifts(plan, "2026-03-09T20:00Z", "2026-03-11T12:00Z")).toEqual([
      "2026-03-09T20:00Z layer:bo",
      "2026-03-10T00:00Z override:eve",
      "2026-03-10T12:00Z override:flo",
      "2026-03-10T18:00Z override:eve",
      "2026-03-11T00:00Z layer:bo",
    ]);
  });

  it("is never nobody, and the timeline says the same as each of its instants", () => {
    const random = seededRandom(11);
    const clock = () =>
      `${String(Math.floor(random() * 24)).padStart(2, "0")}:${random() < 0.5 ? "00" : "30"}`;
    for (let round = 0; round < 25; round++) {
      const layers = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index): LayerWish => {
        const unit = (["hour", "day", "week"] as const)[Math.floor(random() * 3)] ?? "day";
        return {
          name: `layer ${index}`,
          participants: ["ana", "bo", "chi"].slice(0, 1 + Math.floor(random() * 3)),
          startsOn: `2026-03-0${1 + Math.floor(random() * 8)}`,
          handoverAt: clock(),
          turn: { unit, count: 1 + Math.floor(random() * 3) },
          endsOn: random() < 0.3 ? "2026-03-12" : null,
          dutyHours: random() < 0.6 ? [{ from: clock(), until: clock() }] : [],
        };
      });
      const plan = schedule(layers, {
        overrides: [{ userId: "eve", from: "2026-03-08T03:15:00Z", until: "2026-03-08T11:45:00Z" }],
      });
      const [from, until] = [at("2026-03-06T00:00Z"), at("2026-03-11T00:00Z")];
      const line = timeline(plan, from, until);
      let next = from;
      for (const shift of line) {
        expect(shift.from).toBe(next);
        next = shift.until;
      }
      expect(next).toBe(until);
      for (let instant = from; instant < until; instant += 15 * 60_000) {
        const shift = line.find((one) => one.from <= instant && instant < one.until);
        expect(shift?.onCall).toEqual(whoIsOnCall(plan, instant));
      }
    }
  });
});

describe("recipients", () => {
  const directory = { schedules: { main: schedule([weekly]) }, teams: { core: ["ana", "bo"], empty: [] } };

  it("are people and channels, each once", () => {
    const targets = [
      { kind: "schedule", id: "main" },
      { kind: "team", id: "core" },
      { kind: "channel", id: "slack-ops" },
      { kind: "user", id: "bo" },
    ] as const;
    expect(recipientsOf(targets, directory, at("2026-03-10T00:00Z"))).toEqual({
      recipients: [
        { kind: "user", id: "bo" },
        { kind: "user", id: "ana" },
        { kind: "channel", id: "slack-ops" },
      ],
      unreached: [],
    });
  });

  it("come from the fallback where nobody is on call", () => {
    const { recipients } = recipientsOf(
      [{ kind: "schedule", id: "main" }],
      directory,
      at("2026-01-01T00:00Z"),
    );
    expect(recipients).toEqual([{ kind: "channel", id: "duty-desk" }]);
  });

  it("are missed visibly where a target reaches nobody", () => {
    const targets = [
      { kind: "team", id: "empty" },
      { kind: "team", id: "toString" },
      { kind: "schedule", id: "gone" },
    ] as const;
    expect(recipientsOf(targets, directory, 0)).toEqual({ recipients: [], unreached: targets });
  });
});
