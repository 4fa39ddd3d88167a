import type { KubeObject } from "../../words.ts";
import { kindIn } from "../controllers/kinds.ts";
import { isTrue } from "../machines/conditions.ts";
import { at, type Fields, itemsAt, textAt } from "../machines/fields.ts";
import { spread } from "../machines/guest.rules.ts";
import { since } from "../machines/instance-status.rules.ts";
import { quantityOf } from "../machines/quantity.ts";
import { cannot } from "./refusals.ts";
import { mustRun, type Subject } from "./subject.ts";

function mustAnswer(subject: Subject): KubeObject {
  const instance = mustRun(subject);
  if (!isTrue(instance, "AgentConnected"))
    throw cannot("virtualmachineinstance", subject.name, "VMI does not have guest agent connected");
  return instance;
}

const apiVersion = "subresources.kubevirt.io/v1";

/** @throws StatusError 404, 409 */
export function guestOsInfo(subject: Subject): Fields {
  const instance = mustAnswer(subject);
  return {
    apiVersion,
    kind: "VirtualMachineInstanceGuestAgentInfo",
    metadata: {},
    guestAgentVersion: "6.2.0",
    hostname: textAt(instance, "spec", "hostname") ?? subject.name,
    os: at(instance, "status", "guestOSInfo"),
    timezone: "UTC, 0",
    fsFreezeStatus: textAt(instance, "status", "fsFreezeStatus") ?? "thawed",
    fsInfo: { disks: filesystemsOf(subject, instance) },
    userList: usersOf(subject, instance),
  };
}

/** The first disk holds the root; the others are mounted below /data. */
function filesystemsOf({ world, namespace }: Subject, instance: KubeObject): Fields[] {
  const claims = itemsAt(instance, "spec", "volumes").flatMap(
    (volume) => textAt(volume, "persistentVolumeClaim", "claimName") ?? [],
  );
  return claims.map((name, index) => {
    const claim = world.store.find(kindIn(world, "claim"), namespace, name);
    const totalBytes = quantityOf(at(claim, "status", "capacity", "storage"));
    const used = 10 + spread(`${instance.metadata.uid}/${name}`, 60);
    return {
      diskName: `vd${String.fromCharCode(97 + index)}1`,
      mountPoint: index === 0 ? "/" : `/data/${name}`,
      fileSystemType: "ext4",
      totalBytes,
      usedBytes: Math.round((totalBytes * used) / 100),
    };
  });
}

function usersOf({ world }: Subject, instance: KubeObject): Fields[] {
  return [
    {
      userName: "ubuntu",
      loginTime: Math.floor((since(instance, "Running") || world.clock.now()) / 1000) + 60,
    },
  ];
}

/** @throws StatusError 404, 409 */
export function filesystemList(subject: Subject): Fields {
  const items = filesystemsOf(subject, mustAnswer(subject));
  return { apiVersion, kind: "VirtualMachineInstanceFileSystemList", metadata: {}, items };
}

/** @throws StatusError 404, 409 */
export function userList(subject: Subject): Fields {
  const items = usersOf(subject, mustAnswer(subject));
  return { apiVersion, kind: "VirtualMachineInstanceGuestOSUserList", metadata: {}, items };
}
