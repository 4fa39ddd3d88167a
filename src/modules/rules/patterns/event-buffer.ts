import type { Json } from "../../../kernel/json.ts";
import type { PatternEventRef, PatternVars } from "./condition.ts";
import type { BufferEvent, BufferNode, PatternState } from "./pattern-state.ts";

/**
 * The events of all matches under way, each once, and the entries that chain them into matches. Matches with the same
 * past share its entries, so an entry has one predecessor and its number is the version of the path to it. Lists are
 * copied at the first change; numbers only grow, so they stay sorted.
 */
export class EventBuffer {
  private nodes: readonly BufferNode[];
  private events: readonly BufferEvent[];
  private addedNodes: BufferNode[] | undefined;
  private addedEvents: BufferEvent[] | undefined;
  lastNode: number;
  lastSeq: number;

  constructor(state: PatternState) {
    this.nodes = state.nodes;
    this.events = state.events;
    this.lastNode = state.lastNode;
    this.lastSeq = state.lastSeq;
  }

  addEvent(event: (seq: number) => BufferEvent): number {
    this.lastSeq += 1;
    this.addedEvents ??= [...this.events];
    this.addedEvents.push(event(this.lastSeq));
    this.events = this.addedEvents;
    return this.lastSeq;
  }

  addNode(leaf: number, seq: number, prev: number): number {
    this.lastNode += 1;
    this.addedNodes ??= [...this.nodes];
    this.addedNodes.push([this.lastNode, leaf, seq, prev]);
    this.nodes = this.addedNodes;
    return this.lastNode;
  }

  /** The entries from the first to this one. */
  path(node: number): BufferNode[] {
    const path: BufferNode[] = [];
    for (let at = this.node(node); at !== undefined; at = this.node(at[3])) path.push(at);
    return path.reverse();
  }

  /** The newest entry before those of the given variables; 0 when nothing is before them. */
  before(node: number, leaves: readonly number[]): number {
    let at = this.node(node);
    while (at !== undefined && leaves.includes(at[1])) at = this.node(at[3]);
    return at?.[0] ?? 0;
  }

  timeOf(node: number): number {
    return this.event(this.node(node)?.[2] ?? 0)?.[3] ?? 0;
  }

  refs(node: number, leaves: readonly string[]): Record<string, PatternEventRef[]> {
    const vars: Record<string, PatternEventRef[]> = {};
    for (const [, leaf, seq] of this.path(node)) {
      const event = this.event(seq);
      const name = leaves[leaf];
      if (event === undefined || name === undefined) continue;
      const [, source, id, at, data] = event;
      const refs = Object.hasOwn(vars, name) ? (vars[name] ?? []) : [];
      vars[name] = refs;
      refs.push(data === undefined ? { source, id, at } : { source, id, at, data });
    }
    return vars;
  }

  /** What was kept of the events by variable, oldest first. */
  vars(node: number, leaves: readonly string[]): PatternVars {
    const vars: Record<string, Json[]> = {};
    for (let at = this.node(node); at !== undefined; at = this.node(at[3])) {
      const name = leaves[at[1]];
      if (name === undefined) continue;
      const data = this.event(at[2])?.[4] ?? null;
      const list = Object.hasOwn(vars, name) ? vars[name] : undefined;
      if (list === undefined) vars[name] = [data];
      else list.unshift(data);
    }
    return vars;
  }

  /** Forgets what none of these entries leads to. */
  sweep(roots: Iterable<number>): void {
    const used = new Set<number>(roots);
    const seqs = new Set<number>();
    for (let index = this.nodes.length - 1; index >= 0; index -= 1) {
      const node = this.nodes[index];
      if (node === undefined || !used.has(node[0])) continue;
      used.add(node[3]);
      seqs.add(node[2]);
    }
    const nodes = this.nodes.filter((node) => used.has(node[0]));
    if (nodes.length === this.nodes.length) return;
    this.nodes = nodes;
    this.addedNodes = undefined;
    this.events = this.events.filter((event) => seqs.has(event[0]));
    this.addedEvents = undefined;
  }

  contents(): Pick<PatternState, "nodes" | "events" | "lastNode" | "lastSeq"> {
    return { nodes: this.nodes, events: this.events, lastNode: this.lastNode, lastSeq: this.lastSeq };
  }

  private node(id: number): BufferNode | undefined {
    return id === 0 ? undefined : bySortedNumber(this.nodes, id);
  }

  private event(seq: number): BufferEvent | undefined {
    return bySortedNumber(this.events, seq);
  }
}

/** Numbers are mostly without gaps, so the place is guessed first and searched for only when the guess fails. */
function bySortedNumber<T extends readonly [number, ...unknown[]]>(
  list: readonly T[],
  wanted: number,
): T | undefined {
  const guess = list[wanted - (list[0]?.[0] ?? 0)];
  if (guess?.[0] === wanted) return guess;
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const entry = list[middle];
    if (entry === undefined || entry[0] === wanted) return entry;
    if (entry[0] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
