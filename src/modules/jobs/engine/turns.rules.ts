import { afterTurn, type Flow, nextTurn } from "../fair-share.rules.ts";
import { projectRoom, projectWeight, tenantRoom, tenantWeight } from "./gates.rules.ts";
import type { JobRow } from "./job-row.ts";
import type { QueueUse } from "./job-store.ts";
import { type QueueParts, queuePartsOf } from "./queue-key.ts";
import type { Work } from "./work.ts";

/** A queue that a claim may take from. */
export interface Source {
  readonly key: string;
  readonly parts: QueueParts;
  readonly use: QueueUse;
  heads: JobRow[];
  /** Whether the store may have more than `heads`. */
  more: boolean;
  closed: boolean;
}

/** A flow whose numbers change while a claim goes on. */
type Running = { -readonly [K in keyof Flow]: Flow[K] };

export interface ProjectTurns extends Running {
  readonly sources: Source[];
}

interface TenantTurns extends Running {
  readonly projects: ProjectTurns[];
}

export interface Turn {
  readonly project: ProjectTurns;
  /** Pays for a lease that was given. A turn that nobody could use isn't paid. */
  charge(): void;
}

/** Takes turns between the tenants that have open queues in a lane, and between the projects of each. */
export class Turns {
  readonly queues: number;
  private readonly work: Work;
  private readonly tenants: TenantTurns[];

  constructor(work: Work, lane: string) {
    this.work = work;
    const sources = openSources(work, lane);
    this.queues = sources.length;
    this.tenants = tenantsOf(work, sources);
  }

  /** Whose turn it is; undefined when nobody can take one. */
  next(): Turn | undefined {
    for (;;) {
      const tenantTurn = nextTurn(this.tenants);
      const tenant = this.tenants[tenantTurn];
      if (tenant === undefined) return undefined;
      const projectTurn = nextTurn(tenant.projects);
      const project = tenant.projects[projectTurn];
      if (project === undefined) tenant.demand = 0;
      else return { project, charge: () => this.charge(tenant, tenantTurn, projectTurn) };
    }
  }

  /** Keeps the credits for the next claim. */
  keep(): void {
    for (const tenant of this.tenants) {
      this.work.tenant(tenant.key).credit = tenant.credit;
      for (const { key, credit } of tenant.projects) {
        const use = this.work.hot.projects[key];
        if (use !== undefined) use.credit = credit;
      }
    }
  }

  private charge(tenant: TenantTurns, tenantTurn: number, projectTurn: number): void {
    pay(this.tenants, tenantTurn);
    pay(tenant.projects, projectTurn);
  }
}

function pay(flows: readonly Running[], winner: number): void {
  const credits = afterTurn(flows, winner);
  flows.forEach((flow, index) => {
    flow.credit = credits[index] ?? 0;
    if (index === winner) flow.room -= 1;
  });
}

function openSources(work: Work, lane: string): Source[] {
  return Object.entries(work.hot.queues).flatMap(([key, use]) => {
    const parts = queuePartsOf(key);
    if (parts.lane !== lane || use.steps <= 0 || use.refused !== undefined) return [];
    return [{ key, parts, use, heads: [], more: true, closed: false }];
  });
}

function tenantsOf(work: Work, sources: readonly Source[]): TenantTurns[] {
  const tenants = new Map<string, TenantTurns>();
  const projects = new Map<string, ProjectTurns>();
  for (const source of sources) {
    const { tenantId, projectId, projectKey } = source.parts;
    const known = projects.get(projectKey);
    if (known !== undefined) {
      known.sources.push(source);
      continue;
    }
    const tenant = tenants.get(tenantId) ?? {
      key: tenantId,
      weight: tenantWeight(work, tenantId),
      demand: 1,
      room: tenantRoom(work, tenantId),
      credit: work.tenant(tenantId).credit,
      projects: [],
    };
    const project: ProjectTurns = {
      key: projectKey,
      weight: projectWeight(work, tenantId, projectId),
      demand: 1,
      room: projectRoom(work, tenantId, projectId),
      credit: work.project(tenantId, projectId).credit,
      sources: [source],
    };
    tenant.projects.push(project);
    tenants.set(tenantId, tenant);
    projects.set(projectKey, project);
  }
  return [...tenants.values()];
}
