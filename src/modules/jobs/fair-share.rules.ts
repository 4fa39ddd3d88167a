/**
 * One party that wants turns. `demand` is how many it could use, `room` how many its own limit leaves, `credit` what
 * earlier rounds owe it (kept by the caller between calls; 0 for a flow that had nothing to run).
 */
export interface Flow {
  readonly key: string;
  readonly weight: number;
  readonly demand: number;
  readonly room: number;
  readonly credit: number;
}

/** What each flow gets, and the credits to keep for the next call. */
export interface Share {
  readonly grants: Readonly<Record<string, number>>;
  readonly credits: Readonly<Record<string, number>>;
}

/** Whose turn it is: the index of the flow that is owed most, the first of equals; -1 when nobody can take a turn. */
export function nextTurn(flows: readonly Flow[]): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  flows.forEach((flow, index) => {
    if (!canTake(flow)) return;
    const owed = flow.credit + flow.weight;
    if (owed > most) {
      most = owed;
      best = index;
    }
  });
  return best;
}

/** The credits after `winner` took one turn: every flow that wanted it earns its weight, the winner pays them all. */
export function afterTurn(flows: readonly Flow[], winner: number): number[] {
  const total = flows.reduce((sum, flow) => (canTake(flow) ? sum + flow.weight : sum), 0);
  return flows.map((flow, index) => {
    const earned = canTake(flow) ? flow.credit + flow.weight : flow.credit;
    return index === winner ? earned - total : earned;
  });
}

/**
 * Divides `slots` turns by weight: deficit round robin with a quantum of one turn, in the smooth order that spreads a
 * flow's turns evenly (the scheme of nginx's weighted balancing). Credits stay within the sum of weights, so over any
 * stretch in which the same flows want turns, each is within one turn of its exact share. Flows with no demand lose
 * their credit; flows without room keep it.
 */
export function shareOut(flows: readonly Flow[], slots: number): Share {
  let state = flows.map((flow) => (flow.demand > 0 ? { ...flow } : { ...flow, credit: 0 }));
  const grants: Record<string, number> = {};
  for (let given = 0; given < slots; given++) {
    const winner = nextTurn(state);
    const key = state[winner]?.key;
    if (key === undefined) break;
    const credits = afterTurn(state, winner);
    grants[key] = (grants[key] ?? 0) + 1;
    state = state.map((flow, index) => {
      const took = index === winner ? 1 : 0;
      return { ...flow, credit: credits[index] ?? 0, demand: flow.demand - took, room: flow.room - took };
    });
  }
  return {
    grants,
    credits: Object.fromEntries(state.map((flow) => [flow.key, flow.demand > 0 ? flow.credit : 0])),
  };
}

function canTake(flow: Flow): boolean {
  return flow.demand > 0 && flow.room > 0 && flow.weight > 0;
}
