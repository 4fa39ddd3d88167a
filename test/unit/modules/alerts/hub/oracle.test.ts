import { describe, expect, it } from "vitest";
import type { AlertSignal } from "../../../../../contracts/alerts.ts";
import { type Random, seededRandom } from "../../../../../src/kernel/random.ts";
import { aRouting, aSignal, HubDriver } from "../../../../support/alert-hub.ts";

const step = 100;
const end = 60_000;
const route = { groupWaitMs: 1500, groupIntervalMs: 1000, repeatIntervalMs: 7000 };

interface Life {
  readonly name: string;
  readonly host: string;
  readonly kind: string;
  /** [from, until) of each time that it fired. */
  readonly spans: readonly (readonly [number, number])[];
}

interface World {
  readonly lives: readonly Life[];
  /** [host, from, until) of each silence. */
  readonly silences: readonly (readonly [string, number, number])[];
  readonly sendResolved: boolean;
}

function someWorld(random: Random): World {
  const pick = (most: number) => Math.floor(random() * most);
  const instant = () => step * (1 + pick(end / step / 2));
  const lives = Array.from({ length: 7 }, (_, n) => {
    const marks = [...new Set([instant(), instant(), instant(), instant()])].sort((a, b) => a - b);
    const spans: [number, number][] = [];
    for (let i = 0; i + 1 < marks.length; i += 2) spans.push([marks[i] ?? 0, marks[i + 1] ?? 0]);
    return { name: `a${n}`, host: `h${n % 3}`, kind: n === 0 ? "host" : "other", spans };
  });
  const silences = Array.from({ length: 2 }, () => {
    const from = instant();
    return [`h${pick(3)}`, from, from + step * (1 + pick(200))] as const;
  });
  return { lives, silences, sendResolved: random() < 0.5 };
}

/** What should be said, by definition: every group, tick by tick, from the lives themselves. */
function expectedOf({ lives, silences, sendResolved }: World): string[] {
  const said: string[] = [];
  const fires = ({ spans }: Life, at: number) => spans.some(([from, until]) => at >= from && at < until);
  const isMuted = (life: Life, at: number) =>
    silences.some(([host, from, until]) => host === life.host && at >= from && at < until) ||
    (life.kind !== "host" &&
      lives.some((other) => other.kind === "host" && other.host === life.host && fires(other, at)));
  for (const host of ["h0", "h1", "h2"]) {
    const own = lives.filter((life) => life.host === host);
    let members: Life[] = [];
    let next: number | undefined;
    let told: { firing: string[]; resolved: string[]; at: number } | undefined;
    for (let at = 0; at <= end; at += step) {
      for (const life of own) {
        if (!life.spans.some((span) => span.includes(at))) continue;
        if (!members.includes(life)) members.push(life);
        next ??= at + route.groupWaitMs;
      }
      if (next !== at) continue;
      const audible = members.filter((life) => !isMuted(life, at));
      const firing = audible.filter((life) => fires(life, at)).map(({ name }) => name);
      const resolved = audible.filter((life) => !fires(life, at)).map(({ name }) => name);
      const known = told ?? { firing: [], resolved: [], at: Number.POSITIVE_INFINITY };
      const news =
        firing.some((name) => !known.firing.includes(name)) ||
        (firing.length === 0 && known.firing.length > 0 && audible.length > 0) ||
        (told !== undefined &&
          firing.length > 0 &&
          sendResolved &&
          resolved.some((name) => !known.resolved.includes(name))) ||
        (firing.length > 0 && known.at + route.repeatIntervalMs <= at);
      if (news) {
        told = { firing, resolved, at };
        const shown = [...firing.map((n) => `+${n}`), ...(sendResolved ? resolved.map((n) => `-${n}`) : [])];
        shown.sort((a, b) => (a.slice(1) < b.slice(1) ? -1 : 1));
        if (shown.length > 0) said.push(`${at} slack ${shown.join(" ")}`);
      }
      members = members.filter((life) => fires(life, at));
      next = members.length === 0 ? undefined : at + route.groupIntervalMs;
    }
  }
  return said.sort();
}

function saidBy({ lives, silences, sendResolved }: World): string[] {
  const hub = new HubDriver(
    aRouting({
      route: { receiver: "ops", groupBy: ["host"], ...route },
      receivers: [{ name: "ops", channels: [{ channelId: "slack", sendResolved }] }],
      inhibitions: [
        {
          id: "i",
          source: [{ name: "kind", op: "=", value: "host" }],
          target: [{ name: "kind", op: "!=", value: "host" }],
          equal: ["host"],
        },
      ],
    }),
  );
  silences.forEach(([host, startsAt, endsAt], n) => {
    const silence = {
      matchers: [{ name: "host", op: "=" as const, value: host }],
      startsAt,
      endsAt,
      reason: "x",
    };
    hub.at(0, { type: "put_silence", id: `s${n}`, silence, by: "kim" });
  });
  const signals: AlertSignal[] = lives.flatMap(({ name, host, kind, spans }) =>
    spans.flatMap(([from, until]) => [
      aSignal({ name, host, kind }, { startsAt: from }),
      aSignal({ name, host, kind }, { startsAt: from, endsAt: until, updatedAt: until }),
    ]),
  );
  const instants = [...new Set(signals.map(({ updatedAt }) => updatedAt))].sort((a, b) => a - b);
  for (const at of instants) hub.signal(at, ...signals.filter(({ updatedAt }) => updatedAt === at));
  hub.until(end);
  return hub.said().sort();
}

describe("a hub", () => {
  it("says what a simulation by definition says, for many random worlds", () => {
    const random = seededRandom(7);
    let lines = 0;
    for (let round = 0; round < 250; round += 1) {
      const world = someWorld(random);
      const expected = expectedOf(world);
      lines += expected.length;
      expect(saidBy(world), JSON.stringify(world)).toEqual(expected);
    }
    expect(lines).toBeGreaterThan(2500);
  });
});
