import * as z from "zod";
import type { Actor, Change, Ctx } from "../../../src/kernel/context.ts";
import type { Operation } from "../../../src/kernel/operation.ts";
import type { ClusterRequest } from "../../../src/kernel/ports/clusters.ts";
import { AppError } from "../../../src/kernel/problem.ts";
import { insertCluster, putNamespace } from "../../../src/modules/clusters/store.ts";
import { Engine } from "../job-engine.ts";
import { createSimulator } from "../kube/create-simulator.ts";
import {
  administrator,
  type HarvesterOptions,
  harvesterCluster,
} from "../kube/harvester/harvester-cluster.ts";
import type { Simulator } from "../kube/words.ts";
import { directClusters } from "./direct-clusters.ts";
import { harvesterCtx } from "./harvester-ctx.ts";
import { openNodeDb } from "./node-db.ts";

const token = "stage";
const tenantId = "ten_test";
const clusterId = "cls_test";

export interface Stage {
  readonly simulator: Simulator;
  readonly calls: readonly ClusterRequest[];
  readonly events: readonly Change[];
  readonly jobs: Engine;
  /** Runs an operation as HTTP would: the input is parsed, the output too. */
  call<I extends z.ZodType, O extends z.ZodType>(
    operation: Operation<I, O>,
    input: Readonly<Record<string, unknown>>,
    as?: Partial<Ctx>,
  ): Promise<z.output<O>>;
  /** The same for a call that must be refused: its failure. */
  refused<I extends z.ZodType, O extends z.ZodType>(
    operation: Operation<I, O>,
    input: Readonly<Record<string, unknown>>,
    as?: Partial<Ctx>,
  ): Promise<AppError["failure"]>;
  /** Lets the cluster's time go on. */
  advance(ms: number): Promise<void>;
  /** An actor who is held to a project that has these namespaces. */
  heldTo(...namespaces: readonly string[]): Promise<Partial<Ctx>>;
  stop(): Promise<void>;
}

/** A simulated cluster in virtual time, a tenant that holds it, and a way to run operations on it without a relay. */
export async function stageCluster(options: HarvesterOptions = { seed: "calm" }): Promise<Stage> {
  const simulator = await createSimulator({
    extensions: harvesterCluster(options),
    tokens: { [token]: administrator },
    clock: "virtual",
  });
  const db = openNodeDb();
  const clusters = directClusters(simulator.url, token);
  const jobs = new Engine();
  const now = new Date();
  const stamped = { tenantId, createdBy: "user:usr_test", createdAt: now, writeId: "wr_1" };
  const row = { id: clusterId, name: "stage", description: "", namespaces: null, updatedAt: now, version: 1 };
  await db.write((q) => [insertCluster(q, { ...stamped, ...row })]);
  const events: Change[] = [];
  const ports = { clusters, jobs: { execute: async (_: string, command: never) => jobs.run(command) } };
  const run = async <I extends z.ZodType, O extends z.ZodType>(
    operation: Operation<I, O>,
    input: Readonly<Record<string, unknown>>,
    as: Partial<Ctx> = {},
  ) => {
    const parsed = z.parse(operation.input, { id: clusterId, ...input });
    const ctx = harvesterCtx(clusters, {
      db,
      ports: ports as never,
      action: operation.action,
      write: async (change) => {
        events.push(change);
      },
      ...as,
    });
    const output = await operation.run(ctx, parsed);
    return operation.gives ? (output as z.output<O>) : z.parse(operation.output, output);
  };
  return {
    simulator,
    calls: clusters.calls,
    events,
    jobs,
    call: run,
    async refused(operation, input, as) {
      try {
        await run(operation, input, as);
      } catch (error) {
        if (error instanceof AppError) return error.failure;
        throw error;
      }
      throw new Error(`${operation.action} was not refused`);
    },
    advance: (ms) => simulator.world.clock.advance(ms),
    async heldTo(...namespaces) {
      const projectId = `prj_${namespaces.join("_")}`;
      await db.write((q) =>
        namespaces.flatMap((namespace) =>
          putNamespace(q, { ...stamped, clusterId, namespace, projectId }, undefined),
        ),
      );
      const actor: Actor = { kind: "api_key", id: "key_1", tenantId, grants: ["*"], projectIds: [projectId] };
      return { actor };
    },
    stop: () => simulator.stop(),
  };
}
