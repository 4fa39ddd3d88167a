import { conditionOf, fieldAt, listAt, numberAt, textAt, textsAt } from "../kube/fields.rules.ts";
import type { KubeObject } from "../kube/object.ts";
import type { Guest } from "./schemas.ts";

export interface GuestAnswers {
  /** `guestosinfo` */
  readonly system: unknown;
  /** `filesystemlist` */
  readonly fileSystems: unknown;
  /** `userlist` */
  readonly users: unknown;
}

/** What is known of a guest: from its agent, and without one from the instance. */
export function guestOf(
  instance: KubeObject | undefined,
  { system, fileSystems, users }: GuestAnswers,
): Guest {
  const os = fieldAt(system, "os") ?? fieldAt(instance, "status", "guestOSInfo");
  return {
    agent: conditionOf(instance, "AgentConnected")?.status === "True",
    agentVersion: textAt(system, "guestAgentVersion"),
    hostname: textAt(system, "hostname"),
    os:
      textAt(os, "prettyName") === null && textAt(os, "name") === null
        ? null
        : {
            name: textAt(os, "prettyName") ?? textAt(os, "name"),
            version: textAt(os, "versionId") ?? textAt(os, "version"),
            kernel: textAt(os, "kernelRelease"),
            machine: textAt(os, "machine"),
          },
    timezone: textAt(system, "timezone"),
    interfaces: listAt(instance, "status", "interfaces").map((one) => ({
      name: textAt(one, "interfaceName") ?? textAt(one, "name") ?? "",
      mac: textAt(one, "mac"),
      ipAddresses: textsAt(one, "ipAddresses").length > 0 ? textsAt(one, "ipAddresses") : single(one),
    })),
    fileSystems: listAt(fileSystems, "items").map((one) => ({
      disk: textAt(one, "diskName") ?? "",
      mountPoint: textAt(one, "mountPoint"),
      type: textAt(one, "fileSystemType"),
      usedBytes: numberAt(one, "usedBytes"),
      totalBytes: numberAt(one, "totalBytes"),
    })),
    users: listAt(users, "items").map((one) => ({
      name: textAt(one, "userName") ?? "",
      domain: textAt(one, "domain"),
      loginAt: secondsOf(numberAt(one, "loginTime")),
    })),
  };
}

const single = (one: unknown): string[] => {
  const address = textAt(one, "ipAddress");
  return address === null ? [] : [address];
};

const secondsOf = (seconds: number | null): string | null =>
  seconds === null || seconds <= 0 || seconds > 8.64e12 ? null : new Date(seconds * 1000).toISOString();
