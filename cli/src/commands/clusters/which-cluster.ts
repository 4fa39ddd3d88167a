import type { Cli } from "../../cli.ts";
import type { Fields } from "../../client/operation-request.ts";
import type { OptionSpecs } from "../../command.ts";
import { exitCodes } from "../../exit-codes.ts";
import { CliError, usageError } from "../../failure.ts";
import { argument } from "../common.ts";

/** Which cluster a command is about. */
export const clusterOption = {
  cluster: {
    type: "string",
    value: "NAME",
    summary: {
      en: "The cluster, by name or id; MARU_CLUSTER, or the only one there is",
      ko: "클러스터의 이름이나 id; 없으면 MARU_CLUSTER, 또는 하나뿐인 클러스터",
    },
  },
} as const satisfies OptionSpecs;

export const namespaceOption = {
  namespace: {
    type: "string",
    value: "NAME",
    summary: { en: "Only this namespace", ko: "이 네임스페이스만" },
  },
} as const satisfies OptionSpecs;

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The id of the cluster that was named on the command line or by the environment. */
export async function clusterId(cli: Cli, named: string | undefined): Promise<string> {
  const wanted = named ?? cli.machine.env["MARU_CLUSTER"];
  if (wanted !== undefined && /^clu_[0-9a-z]{26}$/.test(wanted)) return wanted;
  const api = await cli.api();
  const { items } = await api.call<{ items: readonly Named[] }>("clusters.cluster.list", { limit: 200 });
  const [only, ...others] = wanted === undefined ? items : items.filter(({ name }) => name === wanted);
  if (only !== undefined && others.length === 0) return only.id;
  if (wanted !== undefined) {
    throw new CliError(exitCodes.notFound, {
      en: `There is no cluster "${wanted}". \`maru clusters list\` shows them.`,
      ko: `"${wanted}" 클러스터가 없습니다. \`maru clusters list\`로 확인하세요.`,
    });
  }
  if (only === undefined) {
    throw new CliError(exitCodes.notFound, {
      en: "There is no cluster yet. `maru clusters add NAME` registers one.",
      ko: "아직 클러스터가 없습니다. `maru clusters add NAME`으로 등록하세요.",
    });
  }
  throw usageError(
    "There are several clusters: name one with --cluster.",
    "클러스터가 여러 개입니다. --cluster로 하나를 지정하세요.",
  );
}

export const thing = argument(
  "name",
  "NAMESPACE/NAME, or NAME in default",
  "네임스페이스/이름, 또는 default의 이름",
);

/** What `namespace/name` means; a bare name is in `default`. */
export function placeOf(text: string): { namespace: string; name: string } {
  const [first = "", second, ...more] = text.split("/");
  if (more.length > 0 || first === "" || second === "")
    throw usageError(
      `"${text}" is not NAMESPACE/NAME.`,
      `"${text}"은(는) 네임스페이스/이름 형식이 아닙니다.`,
    );
  return second === undefined ? { namespace: "default", name: first } : { namespace: first, name: second };
}

/** The fields of a call on one thing of a cluster. */
export async function thingFields(
  cli: Cli,
  input: { readonly options: { readonly cluster?: string | undefined }; argument(name: string): string },
): Promise<Fields> {
  return { id: await clusterId(cli, input.options.cluster), ...placeOf(input.argument("name")) };
}
