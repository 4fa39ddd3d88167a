import { type Route, route } from "../../http/route.ts";
import { cancelQueued } from "./operations/cancel-queued.ts";
import { createCluster } from "./operations/create-cluster.ts";
import { createEnrolment } from "./operations/create-enrolment.ts";
import { deleteCluster } from "./operations/delete-cluster.ts";
import { deleteNamespace } from "./operations/delete-namespace.ts";
import { enrollAgent } from "./operations/enroll-agent.ts";
import { getCall } from "./operations/get-call.ts";
import { getCluster } from "./operations/get-cluster.ts";
import { listAgents } from "./operations/list-agents.ts";
import { listCalls } from "./operations/list-calls.ts";
import { listClusters } from "./operations/list-clusters.ts";
import { listNamespaces } from "./operations/list-namespaces.ts";
import { listQueue } from "./operations/list-queue.ts";
import { putNamespace } from "./operations/put-namespace.ts";
import { revokeAgent } from "./operations/revoke-agent.ts";
import { rotateKeys } from "./operations/rotate-keys.ts";
import { updateCluster } from "./operations/update-cluster.ts";
import { verifyCalls } from "./operations/verify-calls.ts";

export const clusterRoutes: readonly Route[] = [
  route(createCluster, "POST", "/v1/clusters", { status: 201 }),
  route(listClusters, "GET", "/v1/clusters"),
  route(getCluster, "GET", "/v1/clusters/{id}"),
  route(updateCluster, "PATCH", "/v1/clusters/{id}"),
  route(deleteCluster, "DELETE", "/v1/clusters/{id}"),
  route(createEnrolment, "POST", "/v1/clusters/{id}/enrolments", { status: 201 }),
  route(rotateKeys, "POST", "/v1/clusters/{id}:rotateKeys"),
  route(listAgents, "GET", "/v1/clusters/{id}/agents"),
  route(revokeAgent, "POST", "/v1/clusters/{id}/agents/{agentId}:revoke"),
  route(listCalls, "GET", "/v1/clusters/{id}/calls"),
  route(verifyCalls, "GET", "/v1/clusters/{id}/calls:verify"),
  route(getCall, "GET", "/v1/clusters/{id}/calls/{commandId}"),
  route(listQueue, "GET", "/v1/clusters/{id}/queue"),
  route(cancelQueued, "POST", "/v1/clusters/{id}/queue/{commandId}:cancel"),
  route(listNamespaces, "GET", "/v1/clusters/{id}/project-namespaces"),
  route(putNamespace, "PUT", "/v1/clusters/{id}/project-namespaces/{namespace}"),
  route(deleteNamespace, "DELETE", "/v1/clusters/{id}/project-namespaces/{namespace}"),
  route(enrollAgent, "POST", "/agent/v1/enroll", { status: 201 }),
];
