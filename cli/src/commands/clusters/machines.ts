import type { Cli } from "../../cli.ts";
import type { Command } from "../../command.ts";
import { usageError } from "../../failure.ts";
import type { Text } from "../../language/language.ts";
import type { Action } from "../../operations.generated.ts";
import { bytes, instant } from "../../terminal/numbers.ts";
import { type Column, record, table } from "../../terminal/table.ts";
import { callCommand } from "../call-command.ts";
import { readJsonObject, readText, wholeNumber } from "../common.ts";
import { listCommand } from "../list-command.ts";
import { clusterId, clusterOption, namespaceOption, placeOf, thing, thingFields } from "./which-cluster.ts";

interface Machine {
  readonly namespace: string;
  readonly name: string;
  readonly state: string;
  readonly node: string | null;
  readonly ipAddresses: readonly string[];
  readonly cpu: number | null;
  readonly memoryBytes: number | null;
  readonly runStrategy: string;
  readonly createdAt: string | null;
}

interface MachineDetail extends Machine {
  readonly disks: readonly {
    readonly name: string;
    readonly volume: string | null;
    readonly image: string | null;
    readonly size: string | null;
  }[];
  readonly networks: readonly {
    readonly name: string;
    readonly network: string;
    readonly mac: string | null;
  }[];
  readonly actions: Readonly<Record<string, true | { readonly because: string }>>;
}

/** What a write answers: the signed command, and the job that follows it where it takes long. */
export interface Settled {
  readonly commandId: string;
  readonly queued: boolean;
  readonly jobId?: string | null;
}

export function shown({ say }: Cli, settled: Settled): string {
  const { commandId, queued, jobId } = settled;
  const next = jobId ? `\nmaru jobs watch ${jobId}` : "";
  return say.done(queued ? `${commandId} (queued)` : commandId) + next;
}

const queueOption = {
  queue: {
    type: "string",
    value: "SECONDS",
    summary: {
      en: "Keep it so long when no agent is connected",
      ko: "에이전트가 연결되어 있지 않으면 이 시간 동안 보관",
    },
  },
} as const;

/** One order to a machine; one that does no harm when it comes late may wait for an agent. */
const order = (word: string, action: Action, summary: Text, canWait = false): Command =>
  callCommand({
    path: `vms ${word}`,
    summary,
    action,
    arguments: [thing],
    options: { ...clusterOption, ...(canWait ? queueOption : {}) },
    async fields(input, cli) {
      const { queue } = input.options as { readonly queue?: string };
      const seconds = wholeNumber("queue", queue);
      return {
        ...(await thingFields(cli, input)),
        ...(seconds === undefined ? {} : { queueForMs: seconds * 1000 }),
      };
    },
    show: shown,
  });

/** The machine that a `maru vms create` describes. */
async function draftOf(
  cli: Cli,
  options: Readonly<
    Record<"image" | "size" | "cpu" | "memory" | "network" | "key" | "userData" | "file", string | undefined>
  >,
): Promise<Record<string, unknown>> {
  if (options.file !== undefined) return readJsonObject(cli, options.file);
  if (options.image === undefined)
    throw usageError(
      "--image is needed, or --file with the whole machine.",
      "--image 또는 --file이 필요합니다.",
    );
  return {
    cpu: wholeNumber("cpu", options.cpu) ?? 2,
    memory: options.memory ?? "4Gi",
    disks: [
      {
        from: { kind: "image", image: options.image },
        ...(options.size === undefined ? {} : { size: options.size }),
        bootOrder: 1,
      },
    ],
    networks: (options.network?.split(",") ?? ["pod"]).map((network) => ({ network })),
    ...(options.key === undefined ? {} : { sshKeys: options.key.split(",") }),
    ...(options.userData === undefined ? {} : { cloudInit: { userData: readText(options.userData) } }),
  };
}

const text = (value: string, en: string, ko: string) =>
  ({ type: "string", value, summary: { en, ko } }) as const;

/** The whole life of virtual machines. */
export const machineCommands: readonly Command[] = [
  listCommand({
    path: "vms list",
    summary: { en: "List the virtual machines of a cluster", ko: "클러스터의 가상 머신 목록" },
    action: "harvester.vm.list",
    options: { ...clusterOption, ...namespaceOption },
    fields: async ({ options }, cli) => ({
      id: await clusterId(cli, options.cluster),
      namespace: options.namespace,
    }),
    columns: ({ say }): readonly Column<Machine>[] => [
      { title: say.name, of: ({ namespace, name }) => `${namespace}/${name}` },
      { title: say.status, of: ({ state }) => state },
      { title: "Host", of: ({ node }) => node },
      { title: "IP", of: ({ ipAddresses }) => ipAddresses.join(", ") },
      { title: "CPU", align: "right", of: ({ cpu }) => cpu },
      {
        title: say.size,
        align: "right",
        of: ({ memoryBytes }) => (memoryBytes === null ? null : bytes(memoryBytes)),
      },
    ],
  }),
  callCommand({
    path: "vms show",
    summary: {
      en: "Show a virtual machine, and what can be done with it now",
      ko: "가상 머신과 지금 할 수 있는 작업 보기",
    },
    action: "harvester.vm.get",
    arguments: [thing],
    options: clusterOption,
    fields: (input, cli) => thingFields(cli, input),
    show: ({ say }, vm: MachineDetail) =>
      [
        record([
          [say.name, `${vm.namespace}/${vm.name}`],
          [say.status, vm.state],
          ["Host", vm.node],
          ["IP", vm.ipAddresses.join(", ")],
          ["CPU", vm.cpu],
          [say.size, vm.memoryBytes === null ? null : bytes(vm.memoryBytes)],
          [say.created, instant(vm.createdAt)],
          [
            say.action,
            Object.entries(vm.actions)
              .flatMap(([verb, may]) => (may === true ? [verb] : []))
              .join(", "),
          ],
        ]),
        "",
        table(
          [
            { title: "Disk", of: ({ name }) => name },
            { title: "Volume", of: ({ volume }) => volume },
            { title: "Image", of: ({ image }) => image },
            { title: say.size, align: "right", of: ({ size }) => size },
          ],
          vm.disks,
        ),
        "",
        table(
          [
            { title: "NIC", of: ({ name }) => name },
            { title: "Network", of: ({ network }) => network },
            { title: "MAC", of: ({ mac }) => mac },
          ],
          vm.networks,
        ),
      ].join("\n"),
  }),
  callCommand({
    path: "vms create",
    summary: {
      en: "Create a virtual machine from an image, and start it",
      ko: "이미지로 가상 머신을 만들고 시작",
    },
    action: "harvester.vm.create",
    arguments: [thing],
    options: {
      ...clusterOption,
      image: text("NAMESPACE/NAME", "The image of its first disk", "첫 디스크의 이미지"),
      size: text(
        "20Gi",
        "The size of that disk; the image's when not given",
        "그 디스크의 크기; 없으면 이미지 크기",
      ),
      cpu: text("N", "Processors (2)", "CPU 수 (2)"),
      memory: text("4Gi", "Memory (4Gi)", "메모리 (4Gi)"),
      network: text(
        "A,B",
        "Networks as NAMESPACE/NAME, or pod (pod)",
        "네트워크; 네임스페이스/이름 또는 pod (pod)",
      ),
      key: text("A,B", "SSH keys as NAMESPACE/NAME", "SSH 키; 네임스페이스/이름"),
      "user-data": text(
        "FILE",
        "What cloud-init shall do, #cloud-config",
        "cloud-init 설정 파일, #cloud-config",
      ),
      file: text(
        "FILE",
        "The whole machine as JSON instead of these options",
        "위 옵션 대신 가상 머신 전체를 담은 JSON",
      ),
    },
    async fields(input, cli) {
      const {
        "user-data": userData,
        cluster: _,
        image,
        size,
        cpu,
        memory,
        network,
        key,
        file,
      } = input.options;
      return {
        ...(await draftOf(cli, { image, size, cpu, memory, network, key, userData, file })),
        id: await clusterId(cli, input.options.cluster),
        ...placeOf(input.argument("name")),
      };
    },
    show: shown,
  }),
  order("start", "harvester.vm.start", { en: "Start a virtual machine", ko: "가상 머신 시작" }, true),
  order("stop", "harvester.vm.stop", { en: "Shut a virtual machine down", ko: "가상 머신 종료" }, true),
  order("force-stop", "harvester.vm.force_stop", {
    en: "Stop a virtual machine at once",
    ko: "가상 머신 강제 종료",
  }),
  order("restart", "harvester.vm.restart", { en: "Restart a virtual machine", ko: "가상 머신 다시 시작" }),
  order("soft-reboot", "harvester.vm.soft_reboot", {
    en: "Ask the guest to reboot",
    ko: "게스트에 재부팅 요청",
  }),
  order("pause", "harvester.vm.pause", { en: "Pause a virtual machine", ko: "가상 머신 일시 정지" }, true),
  order(
    "unpause",
    "harvester.vm.unpause",
    { en: "Let a paused virtual machine go on", ko: "일시 정지한 가상 머신 계속" },
    true,
  ),
  callCommand({
    path: "vms migrate",
    summary: {
      en: "Move a running virtual machine to another host",
      ko: "실행 중인 가상 머신을 다른 호스트로 이동",
    },
    action: "harvester.vm.migrate",
    arguments: [thing],
    options: {
      ...clusterOption,
      host: text("NAME", "Where to; the cluster chooses otherwise", "대상 호스트; 없으면 클러스터가 선택"),
    },
    fields: async (input, cli) => ({ ...(await thingFields(cli, input)), host: input.options.host }),
    show: shown,
  }),
  callCommand({
    path: "vms delete",
    summary: { en: "Delete a virtual machine; its volumes stay", ko: "가상 머신 삭제; 볼륨은 남음" },
    action: "harvester.vm.delete",
    arguments: [thing],
    options: { ...clusterOption, volumes: text("A,B", "Delete these volumes of it too", "함께 삭제할 볼륨") },
    fields: async (input, cli) => ({
      ...(await thingFields(cli, input)),
      removedVolumes: input.options.volumes,
    }),
    show: shown,
  }),
];
