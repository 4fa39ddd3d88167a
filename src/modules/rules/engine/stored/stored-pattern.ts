import type { BufferEvent, HeldMatch, PartialMatch, PatternState } from "../../patterns/pattern-state.ts";

/** An event of the buffer; 0 where it has the source of the one before. */
type StoredEvent = readonly [seq: number, source: string | 0, id: string, at: number, ...data: unknown[]];

/** A pattern's state as a list. Instants of events and matches count from `base` on. */
export type StoredPattern = readonly [
  base: number,
  events: readonly StoredEvent[],
  nodes: PatternState["nodes"],
  partials: readonly PartialMatch[],
  held: readonly HeldMatch[],
  lastSeq: number,
  lastNode: number,
  fireAt: number | null,
  lapseAt: number | null,
];

export function storePattern(pattern: PatternState): StoredPattern {
  const { events, nodes, partials, held, lastSeq, lastNode, fireAt, lapseAt } = pattern;
  const base = events[0]?.[3] ?? partials[0]?.[3] ?? 0;
  let source: string | undefined;
  const stored = events.map(([seq, from, id, at, ...data]): StoredEvent => {
    const same = from === source;
    source = from;
    return [seq, same ? 0 : from, id, at - base, ...data];
  });
  const moved = partials.map((one) => movePartial(one, -base));
  return [
    base,
    stored,
    nodes,
    moved,
    held.map((one) => moveHeld(one, -base)),
    lastSeq,
    lastNode,
    fireAt,
    lapseAt,
  ];
}

export function readPattern(stored: StoredPattern): PatternState {
  const [base, events, nodes, partials, held, lastSeq, lastNode, fireAt, lapseAt] = stored;
  let source = "";
  return {
    events: events.map(([seq, from, id, at, ...data]) => {
      if (from !== 0) source = from;
      return [seq, source, id, base + at, ...data] as unknown as BufferEvent;
    }),
    nodes,
    partials: partials.map((one) => movePartial(one, base)),
    held: held.map((one) => moveHeld(one, base)),
    lastSeq,
    lastNode,
    fireAt,
    lapseAt,
  };
}

function movePartial(
  [stage, node, first, firstAt, lastAt, since, fired]: PartialMatch,
  by: number,
): PartialMatch {
  return [stage, node, first, firstAt + by, lastAt + by, since + by, fired];
}

function moveHeld([node, first, firstAt, endAt, clocked]: HeldMatch, by: number): HeldMatch {
  return [node, first, firstAt + by, endAt + by, clocked];
}
