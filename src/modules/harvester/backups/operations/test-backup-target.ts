import { defineOperation } from "../../../../kernel/operation.ts";
import { AppError } from "../../../../kernel/problem.ts";
import { readRaises } from "../../raises.ts";
import { openCluster } from "../../reach.ts";
import { ClusterRef } from "../../words.ts";
import { TargetHealth } from "../schemas.ts";

export const testBackupTarget = defineOperation({
  action: "harvester.backup_target.test",
  effect: "read",
  scope: "clusters:read",
  summary: "Ask the cluster whether it reaches its backup target now",
  input: ClusterRef,
  output: TargetHealth,
  raises: readRaises,
  async run(ctx, { id }) {
    const kube = await openCluster(ctx, id);
    try {
      await kube.ask("GET", "/v1/harvester/backuptarget/healthz");
      return { healthy: true, message: null };
    } catch (error) {
      if (!(error instanceof AppError) || !isVerdict(error)) throw error;
      return { healthy: false, message: error.failure.detail };
    }
  },
});

/** A refusal that the cluster itself gave, and not one on the way to it or for want of a permission. */
const isVerdict = ({ failure }: AppError): boolean =>
  failure.code.startsWith("harvester.") &&
  !["harvester.cluster_forbids", "harvester.agent_unauthorized"].includes(failure.code);
