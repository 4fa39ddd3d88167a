import { type Route, route } from "../../../http/route.ts";
import { createClusterLogFlow } from "./operations/create-cluster-log-flow.ts";
import { createClusterLogOutput } from "./operations/create-cluster-log-output.ts";
import { createLogFlow } from "./operations/create-log-flow.ts";
import { createLogOutput } from "./operations/create-log-output.ts";
import { deleteClusterLogFlow } from "./operations/delete-cluster-log-flow.ts";
import { deleteClusterLogOutput } from "./operations/delete-cluster-log-output.ts";
import { deleteLogFlow } from "./operations/delete-log-flow.ts";
import { deleteLogOutput } from "./operations/delete-log-output.ts";
import { listClusterLogFlows } from "./operations/list-cluster-log-flows.ts";
import { listClusterLogOutputs } from "./operations/list-cluster-log-outputs.ts";
import { listLogFlows } from "./operations/list-log-flows.ts";
import { listLogOutputs } from "./operations/list-log-outputs.ts";

const all = "/v1/clusters/{id}";
const within = "/v1/clusters/{id}/namespaces/{namespace}";

export const loggingRoutes: readonly Route[] = [
  route(listLogFlows, "GET", `${all}/log-flows`),
  route(createLogFlow, "POST", `${within}/log-flows`, { status: 201 }),
  route(deleteLogFlow, "DELETE", `${within}/log-flows/{name}`),
  route(listClusterLogFlows, "GET", `${all}/cluster-log-flows`),
  route(createClusterLogFlow, "POST", `${all}/cluster-log-flows`, { status: 201 }),
  route(deleteClusterLogFlow, "DELETE", `${all}/cluster-log-flows/{name}`),
  route(listLogOutputs, "GET", `${all}/log-outputs`),
  route(createLogOutput, "POST", `${within}/log-outputs`, { status: 201 }),
  route(deleteLogOutput, "DELETE", `${within}/log-outputs/{name}`),
  route(listClusterLogOutputs, "GET", `${all}/cluster-log-outputs`),
  route(createClusterLogOutput, "POST", `${all}/cluster-log-outputs`, { status: 201 }),
  route(deleteClusterLogOutput, "DELETE", `${all}/cluster-log-outputs/{name}`),
];
