import type { FallbackTarget, NamedPolicy, NotifyTarget } from "../../../../contracts/on-call.ts";
import type { FieldProblem } from "../../../kernel/problem.ts";
import { AppError } from "../../../kernel/problem.ts";
import { zoneOf } from "../../../kernel/zone.ts";
import type { EntryBodies, EntryKind } from "./entry.ts";

/** What an entry may name. */
export interface KnownNames {
  has(kind: EntryKind, id: string): boolean;
  readonly intervals: ReadonlySet<string>;
}

type Body = { [K in EntryKind]: { readonly kind: K; readonly body: EntryBodies[K] } }[EntryKind];

/** What is wrong with an entry that has the right shape: each with a pointer to the field. */
export function entryProblems(entry: Body, known: KnownNames): FieldProblem[] {
  switch (entry.kind) {
    case "policy":
      return policyProblems(entry.body, known);
    case "schedule":
      return scheduleProblems(entry.body, known);
    case "team":
      return twins(entry.body.members, (index) => `/members/${index}`);
    case "person":
      return twins(
        entry.body.contacts.map(({ channelId }) => channelId),
        (index) => `/contacts/${index}/channelId`,
      );
  }
}

function policyProblems({ steps }: NamedPolicy, known: KnownNames): FieldProblem[] {
  return steps.flatMap(({ targets, onlyIf }, step) => [
    ...targets.flatMap((target, index) => unknown(target, `/steps/${step}/targets/${index}`, known)),
    ...(onlyIf?.interval === undefined || known.intervals.has(onlyIf.interval)
      ? []
      : [
          problem(
            `/steps/${step}/onlyIf/interval`,
            "unknown",
            `The routing has no time interval "${onlyIf.interval}".`,
          ),
        ]),
  ]);
}

function scheduleProblems(
  { zone, layers, fallback, overrides }: EntryBodies["schedule"],
  known: KnownNames,
): FieldProblem[] {
  const found: FieldProblem[] = [];
  try {
    zoneOf(zone);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    found.push(problem("/zone", "unknown_zone", error.failure.detail));
  }
  layers.forEach(({ startsOn, endsOn }, index) => {
    if (endsOn !== null && endsOn <= startsOn)
      found.push(problem(`/layers/${index}/endsOn`, "before_start", "A layer must end after it starts."));
  });
  overrides.forEach(({ from, until }, index) => {
    if (Date.parse(until) <= Date.parse(from))
      found.push(problem(`/overrides/${index}/until`, "before_start", "It must end after it starts."));
  });
  return [
    ...found,
    ...unknown(fallback, "/fallback", known),
    ...twins(
      layers.map(({ name }) => name),
      (index) => `/layers/${index}/name`,
    ),
  ];
}

function unknown({ kind, id }: NotifyTarget | FallbackTarget, at: string, known: KnownNames): FieldProblem[] {
  if ((kind !== "schedule" && kind !== "team") || known.has(kind, id)) return [];
  const what = kind === "team" ? "team" : "on-call schedule";
  return [problem(`${at}/id`, "unknown", `There is no ${what} ${id}.`)];
}

function twins(names: readonly string[], pointer: (index: number) => string): FieldProblem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [problem(pointer(index), "duplicate", `"${name}" stands here twice.`)],
  );
}

function problem(pointer: string, code: string, message: string): FieldProblem {
  return { pointer, code, message };
}
