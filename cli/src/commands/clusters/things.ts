import type { Command } from "../../command.ts";
import { usageError } from "../../failure.ts";
import type { Text } from "../../language/language.ts";
import type { Action } from "../../operations.generated.ts";
import { bytes } from "../../terminal/numbers.ts";
import type { Column } from "../../terminal/table.ts";
import { callCommand } from "../call-command.ts";
import { argument, readText } from "../common.ts";
import { listCommand } from "../list-command.ts";
import { shown } from "./machines.ts";
import { clusterId, clusterOption, namespaceOption, placeOf, thing, thingFields } from "./which-cluster.ts";

interface Thing {
  readonly namespace?: string;
  readonly name: string;
  readonly state?: string;
  readonly sizeBytes?: number | null;
}

interface Host extends Thing {
  readonly roles: readonly string[];
  readonly ipAddress: string | null;
  readonly allocatable: { readonly cpu: number | null; readonly memoryBytes: number | null };
}

interface Image extends Thing {
  readonly displayName: string | null;
  readonly progress: number;
}

interface Volume extends Thing {
  readonly attachedTo: readonly string[];
  readonly health: { readonly robustness: string | null } | null;
}

interface Network extends Thing {
  readonly ready: boolean | null;
  readonly type: string;
  readonly clusterNetwork: string | null;
  readonly vlan: number | null;
}

interface Backup extends Thing {
  readonly type: string;
  readonly machine: string | null;
  readonly progress: number;
}

const full = ({ namespace, name }: Thing): string =>
  namespace === undefined ? name : `${namespace}/${name}`;
const sized = ({ sizeBytes }: Thing): string | null => (sizeBytes ? bytes(sizeBytes) : null);
const text = (value: string, en: string, ko: string) =>
  ({ type: "string", value, summary: { en, ko } }) as const;
const hostName = argument("name", "The host", "호스트 이름");

const needed = (name: string, value: string | undefined): string => {
  if (value === undefined) throw usageError(`--${name} is needed.`, `--${name}이(가) 필요합니다.`);
  return value;
};

function list<Row extends Thing>(
  path: string,
  action: Action,
  summary: Text,
  columns: readonly Column<Row>[],
  stateOf: (row: Row) => string | null | undefined = ({ state }) => state,
): Command {
  return listCommand({
    path,
    summary,
    action,
    options: { ...clusterOption, ...namespaceOption },
    fields: async ({ options }, cli) => ({
      id: await clusterId(cli, options.cluster),
      namespace: options.namespace,
    }),
    columns: ({ say }): readonly Column<Row>[] => [
      { title: say.name, of: full },
      { title: say.status, of: stateOf },
      ...columns,
    ],
  });
}

const onHost = (word: string, action: Action, en: string, ko: string): Command =>
  callCommand({
    path: `hosts ${word}`,
    summary: { en, ko },
    action,
    arguments: [hostName],
    options: clusterOption,
    fields: async ({ argument: given, options }, cli) => ({
      id: await clusterId(cli, options.cluster),
      name: given("name"),
    }),
    show: shown,
  });

/** Hosts, images, volumes, networks, keys and backups of clusters. */
export const clusterThingCommands: readonly Command[] = [
  listCommand({
    path: "hosts list",
    summary: { en: "List the hosts of a cluster", ko: "클러스터의 호스트 목록" },
    action: "harvester.host.list",
    options: clusterOption,
    fields: async ({ options }, cli) => ({ id: await clusterId(cli, options.cluster) }),
    columns: ({ say }): readonly Column<Host>[] => [
      { title: say.name, of: ({ name }) => name },
      { title: say.status, of: ({ state }) => state },
      { title: "Roles", of: ({ roles }) => roles.join(", ") },
      { title: "IP", of: ({ ipAddress }) => ipAddress },
      { title: "CPU", align: "right", of: ({ allocatable }) => allocatable.cpu },
      {
        title: say.size,
        align: "right",
        of: ({ allocatable: { memoryBytes } }) => (memoryBytes === null ? null : bytes(memoryBytes)),
      },
    ],
  }),
  onHost(
    "cordon",
    "harvester.host.cordon",
    "Keep new machines off a host",
    "새 가상 머신이 배치되지 않게 함",
  ),
  onHost("uncordon", "harvester.host.uncordon", "Let machines on a host again", "가상 머신 배치를 다시 허용"),
  onHost(
    "maintain",
    "harvester.host.enter_maintenance",
    "Drain a host; its machines move away or stop",
    "호스트 비우기; 가상 머신은 이동하거나 중지됨",
  ),
  onHost(
    "return",
    "harvester.host.leave_maintenance",
    "End the maintenance of a host",
    "호스트 유지 보수 종료",
  ),
  list<Image>(
    "images list",
    "harvester.image.list",
    { en: "List the images of a cluster", ko: "클러스터의 이미지 목록" },
    [
      { title: "Image", canShrink: true, of: ({ displayName }) => displayName },
      { title: "%", align: "right", of: ({ progress }) => progress },
      { title: "Size", align: "right", of: sized },
    ],
  ),
  callCommand({
    path: "images add",
    summary: {
      en: "Load an image from an address into a cluster",
      ko: "주소에서 클러스터로 이미지 가져오기",
    },
    action: "harvester.image.create",
    arguments: [thing],
    options: {
      ...clusterOption,
      url: text("URL", "Where it is", "이미지 주소"),
      checksum: text("SHA512", "What it must be", "확인할 SHA-512"),
    },
    async fields(input, cli) {
      const { url, checksum, cluster } = input.options;
      const { namespace, name } = placeOf(input.argument("name"));
      const source = {
        kind: "download",
        url: needed("url", url),
        ...(checksum === undefined ? {} : { checksum }),
      };
      return { id: await clusterId(cli, cluster), namespace, name, displayName: name, source };
    },
    show: shown,
  }),
  list<Volume>(
    "volumes list",
    "harvester.volume.list",
    { en: "List the volumes of a cluster", ko: "클러스터의 볼륨 목록" },
    [
      { title: "Size", align: "right", of: sized },
      { title: "Machines", canShrink: true, of: ({ attachedTo }) => attachedTo.join(", ") },
      { title: "Health", of: ({ health }) => health?.robustness },
    ],
  ),
  callCommand({
    path: "volumes create",
    summary: { en: "Make a volume, empty or from an image", ko: "빈 볼륨이나 이미지로 볼륨 만들기" },
    action: "harvester.volume.create",
    arguments: [thing],
    options: {
      ...clusterOption,
      size: text("20Gi", "Its size", "크기"),
      image: text("NAMESPACE/NAME", "What it holds", "원본 이미지"),
    },
    fields: async (input, cli) => ({
      ...(await thingFields(cli, input)),
      size: needed("size", input.options.size),
      image: input.options.image,
    }),
    show: shown,
  }),
  callCommand({
    path: "volumes resize",
    summary: { en: "Make a volume larger", ko: "볼륨 확장" },
    action: "harvester.volume.resize",
    arguments: [thing],
    options: { ...clusterOption, size: text("40Gi", "The new size", "새 크기") },
    fields: async (input, cli) => ({
      ...(await thingFields(cli, input)),
      size: needed("size", input.options.size),
    }),
    show: shown,
  }),
  list<Network>(
    "networks list",
    "harvester.vm_network.list",
    { en: "List the networks of virtual machines", ko: "가상 머신 네트워크 목록" },
    [
      { title: "Type", of: ({ type }) => type },
      { title: "VLAN", align: "right", of: ({ vlan }) => vlan },
      { title: "Cluster network", of: ({ clusterNetwork }) => clusterNetwork },
    ],
    ({ ready }) => (ready === null ? null : ready ? "ready" : "not ready"),
  ),
  list<Backup>(
    "backups list",
    "harvester.vm_backup.list",
    { en: "List backups and snapshots of machines", ko: "가상 머신 백업과 스냅샷 목록" },
    [
      { title: "Type", of: ({ type }) => type },
      { title: "Machine", of: ({ machine }) => machine },
      { title: "%", align: "right", of: ({ progress }) => progress },
    ],
  ),
  callCommand({
    path: "backups create",
    summary: { en: "Back a machine up, or take a snapshot of it", ko: "가상 머신 백업 또는 스냅샷" },
    action: "harvester.vm_backup.create",
    arguments: [thing],
    options: {
      ...clusterOption,
      machine: text("NAME", "The machine, of the same namespace", "같은 네임스페이스의 가상 머신"),
      type: {
        type: "string",
        choices: ["backup", "snapshot"],
        summary: {
          en: "To the backup target, or in the cluster (backup)",
          ko: "백업 대상 또는 클러스터 안 (backup)",
        },
      },
    },
    fields: async (input, cli) => ({
      ...(await thingFields(cli, input)),
      machine: needed("machine", input.options.machine),
      type: input.options.type ?? "backup",
    }),
    show: shown,
  }),
  callCommand({
    path: "backups restore",
    summary: {
      en: "Restore a backup into a new machine, or over the stopped one",
      ko: "새 가상 머신으로, 또는 중지된 가상 머신에 복원",
    },
    action: "harvester.vm_backup.restore",
    arguments: [thing],
    options: {
      ...clusterOption,
      as: text("NAME", "The new machine", "새 가상 머신의 이름"),
      replace: text(
        "NAME",
        "Or the machine that is replaced, once more by its name",
        "또는 교체할 가상 머신의 이름을 한 번 더",
      ),
    },
    async fields(input, cli) {
      const { as: machine, replace: confirm } = input.options;
      if ((machine === undefined) === (confirm === undefined))
        throw usageError("Give one of --as and --replace.", "--as와 --replace 중 하나를 지정하세요.");
      const into = machine === undefined ? { kind: "replace", confirm } : { kind: "new", machine };
      return { ...(await thingFields(cli, input)), into };
    },
    show: shown,
  }),
  callCommand({
    path: "ssh-keys add",
    summary: { en: "Add a public key that machines can let in", ko: "가상 머신이 허용할 공개 키 추가" },
    action: "harvester.ssh_key.import",
    arguments: [thing, argument("file", "The public key", "공개 키 파일", { isFile: true })],
    options: clusterOption,
    fields: async (input, cli) => ({
      ...(await thingFields(cli, input)),
      publicKey: readText(input.argument("file")).trim(),
    }),
    show: shown,
  }),
];
