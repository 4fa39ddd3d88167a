import type { Command } from "../../command.ts";
import { instant } from "../../terminal/numbers.ts";
import { type Column, record, table } from "../../terminal/table.ts";
import { callCommand } from "../call-command.ts";
import { argument } from "../common.ts";
import { listCommand } from "../list-command.ts";
import { clusterId, clusterOption, namespaceOption } from "./which-cluster.ts";

interface Agent {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly connected: boolean;
  readonly role: string | null;
  readonly since: string | null;
  readonly softwareVersion: string;
  readonly readOnly: boolean | null;
  readonly drivers: readonly { readonly name: string; readonly reachable: boolean }[];
}

interface Cluster {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: string;
}

interface ClusterState extends Cluster {
  readonly online: boolean;
  readonly agents: readonly Agent[];
  readonly inventoryAt: string | null;
}

interface Call {
  readonly commandId: string;
  readonly at: string;
  readonly actor: string;
  readonly operation: string;
  readonly outcome: string;
  readonly status: number | null;
  readonly durationMs: number | null;
}

interface Queued {
  readonly commandId: string;
  readonly state: string;
  readonly operation: string;
  readonly expiresAt: string;
  readonly detail: string | null;
}

interface Known {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly seenAt: string;
}

const cluster = argument("cluster", "Its name or id", "이름이나 id", { optional: true });

const stateOf = ({ summary }: Known): string =>
  String(summary["printableStatus"] ?? summary["state"] ?? summary["robustness"] ?? summary["phase"] ?? "–");

const agentColumns: readonly Column<Agent>[] = [
  { title: "Agent", of: ({ id }) => id },
  { title: "Name", canShrink: true, of: ({ name }) => name },
  {
    title: "State",
    of: ({ status, connected, role }) => (status === "revoked" ? status : connected ? role : "offline"),
  },
  { title: "Since", of: ({ since }) => instant(since) },
  { title: "Version", of: ({ softwareVersion }) => softwareVersion },
  {
    title: "Reaches",
    canShrink: true,
    of: ({ drivers, readOnly }) =>
      [
        ...drivers.map(({ name, reachable }) => (reachable ? name : `${name} (unreachable)`)),
        ...(readOnly ? ["read only"] : []),
      ].join(", "),
  },
];

/** Clusters, their agents, and what was asked of them. */
export const clusterCommands: readonly Command[] = [
  listCommand({
    path: "clusters list",
    summary: { en: "List the clusters", ko: "클러스터 목록" },
    action: "clusters.cluster.list",
    columns: ({ say }): readonly Column<Cluster>[] => [
      { title: say.id, of: ({ id }) => id },
      { title: say.name, of: ({ name }) => name },
      { title: say.description, canShrink: true, of: ({ description }) => description },
      { title: say.created, of: ({ createdAt }) => instant(createdAt) },
    ],
  }),
  callCommand({
    path: "clusters add",
    summary: { en: "Register a cluster", ko: "클러스터 등록" },
    action: "clusters.cluster.create",
    arguments: [argument("name", "What it is called", "이름")],
    options: {
      namespaces: {
        type: "string",
        value: "A,B",
        summary: { en: "Only these namespaces of it may be used", ko: "사용할 수 있는 네임스페이스" },
      },
    },
    fields: ({ argument: given, options }) => ({
      name: given("name"),
      ...(options.namespaces === undefined ? {} : { namespaces: options.namespaces.split(",") }),
    }),
    show: ({ say }, made: Cluster) =>
      [say.done(`${made.name} ${made.id}`), `maru clusters token ${made.name}`].join("\n"),
  }),
  callCommand({
    path: "clusters token",
    summary: {
      en: "Make a token that enrols one agent, once, within 15 minutes",
      ko: "에이전트 하나를 15분 안에 한 번 등록하는 토큰 발급",
    },
    action: "clusters.enrolment.create",
    arguments: [cluster],
    fields: async ({ optional }, cli) => ({ id: await clusterId(cli, optional("cluster")) }),
    show: (_cli, { command, expiresAt }: { command: string; expiresAt: string }) =>
      [command, "npx maru-agent run", `(${instant(expiresAt)})`].join("\n"),
  }),
  callCommand({
    path: "clusters show",
    summary: {
      en: "Show a cluster and the agents that are connected",
      ko: "클러스터와 연결된 에이전트 보기",
    },
    action: "clusters.cluster.get",
    arguments: [cluster],
    fields: async ({ optional }, cli) => ({ id: await clusterId(cli, optional("cluster")) }),
    show: ({ say, out }, state: ClusterState) =>
      [
        record([
          [say.id, state.id],
          [say.name, state.name],
          [say.status, state.online ? out.paint.green("online") : out.paint.red("offline")],
          ["Inventory", instant(state.inventoryAt)],
        ]),
        ...(state.agents.length === 0 ? [] : ["", table(agentColumns, state.agents)]),
      ].join("\n"),
  }),
  callCommand({
    path: "clusters revoke",
    summary: { en: "Cut an agent off at once and for good", ko: "에이전트를 즉시, 영구히 차단" },
    action: "clusters.agent.revoke",
    arguments: [argument("agent", "The agent", "에이전트 id")],
    options: clusterOption,
    fields: async ({ argument: given, options }, cli) => ({
      id: await clusterId(cli, options.cluster),
      agentId: given("agent"),
    }),
    show: ({ say }, { id, status }: Agent) => say.done(`${id} ${status}`),
  }),
  listCommand({
    path: "clusters calls",
    summary: {
      en: "List what was asked of a cluster, by whom and with which outcome, the latest first",
      ko: "클러스터에 누가 무엇을 요청했고 결과가 어땠는지 목록, 최신순",
    },
    action: "clusters.call.list",
    arguments: [cluster],
    fields: async ({ optional }, cli) => ({ id: await clusterId(cli, optional("cluster")) }),
    columns: ({ say }): readonly Column<Call>[] => [
      { title: say.id, of: ({ commandId }) => commandId },
      { title: say.at, of: ({ at }) => instant(at) },
      { title: say.actor, canShrink: true, of: ({ actor }) => actor },
      { title: say.action, of: ({ operation }) => operation },
      {
        title: say.result,
        of: ({ outcome, status }) => (status === null ? outcome : `${outcome} ${status}`),
      },
      {
        title: "ms",
        align: "right",
        of: ({ durationMs }) => (durationMs === null ? null : Math.round(durationMs)),
      },
    ],
  }),
  listCommand({
    path: "clusters queue",
    summary: { en: "List the commands that wait for an agent", ko: "에이전트를 기다리는 명령 목록" },
    action: "clusters.queue.list",
    arguments: [cluster],
    fields: async ({ optional }, cli) => ({ id: await clusterId(cli, optional("cluster")) }),
    columns: ({ say }): readonly Column<Queued>[] => [
      { title: say.id, of: ({ commandId }) => commandId },
      { title: say.status, of: ({ state }) => state },
      { title: say.action, of: ({ operation }) => operation },
      { title: say.expires, of: ({ expiresAt }) => instant(expiresAt) },
      {
        title: say.message,
        canShrink: true,
        of: ({ state, detail }) => (state === "applied" ? null : detail?.slice(0, 200)),
      },
    ],
  }),
  listCommand({
    path: "clusters inventory",
    summary: {
      en: "List what is known of a cluster, also while it is offline",
      ko: "오프라인일 때도 알고 있는 클러스터 구성 목록",
    },
    action: "clusters.inventory.list",
    arguments: [cluster],
    options: {
      kind: {
        type: "string",
        choices: ["host", "namespace", "vm", "volume", "replicas", "image", "network", "backup", "restore"],
        summary: { en: "Only this kind", ko: "이 종류만" },
      },
      ...namespaceOption,
    },
    fields: async ({ optional, options }, cli) => ({
      id: await clusterId(cli, optional("cluster")),
      kind: options.kind,
      namespace: options.namespace,
    }),
    columns: ({ say }): readonly Column<Known>[] => [
      { title: say.type, of: ({ kind }) => kind },
      { title: say.name, of: ({ namespace, name }) => (namespace === null ? name : `${namespace}/${name}`) },
      { title: say.status, of: stateOf },
      { title: say.at, of: ({ seenAt }) => instant(seenAt) },
    ],
  }),
  callCommand({
    path: "clusters dashboard",
    summary: {
      en: "Show hosts, capacity, machines and volumes of a cluster at a glance",
      ko: "호스트, 용량, 가상 머신, 볼륨 요약",
    },
    action: "harvester.dashboard.get",
    arguments: [cluster],
    fields: async ({ optional }, cli) => ({ id: await clusterId(cli, optional("cluster")) }),
    show: (_cli, dashboard: object) => linesOf(dashboard).join("\n"),
  }),
];

/** Nested facts as lines of `a.b  value`. */
function linesOf(value: object, path = ""): string[] {
  return Object.entries(value).flatMap(([name, part]) => {
    const at = path === "" ? name : `${path}.${name}`;
    if (part === null || typeof part !== "object") return [`${at}  ${part ?? "–"}`];
    return Array.isArray(part) ? [`${at}  ${part.length}`] : linesOf(part, at);
  });
}
