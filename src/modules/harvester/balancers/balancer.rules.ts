import type * as z from "zod";
import { type FieldProblem, problem } from "../../../kernel/problem.ts";
import type { CreateIpPool, CreateLoadBalancer, IpPool } from "./schemas.ts";

const apiVersion = "loadbalancer.harvesterhci.io/v1beta1";

export function balancerOf(asked: z.output<typeof CreateLoadBalancer>): Record<string, unknown> {
  const { name, namespace, description, ipam, pool, listeners, backends, healthCheck } = asked;
  return {
    apiVersion,
    kind: "LoadBalancer",
    metadata: { name, namespace },
    spec: {
      ...(description === undefined ? {} : { description }),
      workloadType: "vm",
      ipam,
      ...(pool === undefined ? {} : { ipPool: pool }),
      listeners,
      backendServerSelector: backends,
      ...(healthCheck === undefined ? {} : { healthCheck }),
    },
  };
}

export function poolOf(asked: z.output<typeof CreateIpPool>): Record<string, unknown> {
  const scope = asked.namespaces.length === 0 ? ["*"] : asked.namespaces;
  return {
    apiVersion,
    kind: "IPPool",
    metadata: { name: asked.name },
    spec: {
      ...(asked.description === undefined ? {} : { description: asked.description }),
      ranges: asked.ranges.map(({ subnet, from, to, gateway }) => ({
        subnet,
        ...(from === undefined ? {} : { rangeStart: from }),
        ...(to === undefined ? {} : { rangeEnd: to }),
        ...(gateway === undefined ? {} : { gateway }),
      })),
      selector: {
        ...(asked.network === undefined ? {} : { network: asked.network }),
        scope: scope.map((namespace) => ({ project: "*", namespace, guestCluster: "*" })),
      },
    },
  };
}

interface Range {
  readonly subnet: string | null;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/**
 * Refuses ranges that leave their subnet, run backwards, or share addresses with each other or with pools there are.
 * @throws invalid_input `harvester.pool_refused` with a pointer for each reason
 */
export function mustBeFree(ranges: readonly Range[], pools: readonly IpPool[]): void {
  const errors: FieldProblem[] = [];
  const refuse = (pointer: string, code: string, message: string) => errors.push({ pointer, code, message });
  const own = ranges.map(boundsOf);
  for (const [index, range] of ranges.entries()) {
    const [low, high] = boundsOf({ subnet: range.subnet });
    const [first, last] = own[index] ?? [0, 0];
    if (first < low || first > high) refuse(`/ranges/${index}/from`, "outside", `Not in ${range.subnet}.`);
    if (last < low || last > high) refuse(`/ranges/${index}/to`, "outside", `Not in ${range.subnet}.`);
    if (first > last) refuse(`/ranges/${index}/to`, "backwards", "The last address is before the first.");
    const twin = own.findIndex(([from, to], other) => other < index && from <= last && first <= to);
    if (twin >= 0) refuse(`/ranges/${index}`, "overlap", `It shares addresses with range ${twin}.`);
    for (const pool of pools) {
      if (pool.ranges.map(boundsOf).some(([from, to]) => from <= last && first <= to))
        refuse(`/ranges/${index}`, "overlap", `It shares addresses with the pool ${pool.name}.`);
    }
  }
  const [first] = errors;
  if (first !== undefined)
    throw problem("invalid_input", "harvester.pool_refused", first.message, { errors });
}

function boundsOf({ subnet, from, to }: Range): [number, number] {
  const [base = "", bits = "32"] = (subnet ?? "").split("/");
  const size = 2 ** (32 - Number(bits));
  const low = Math.floor(numberOf(base) / size) * size;
  return [from ? numberOf(from) : low, to ? numberOf(to) : low + size - 1];
}

const numberOf = (address: string): number =>
  address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
