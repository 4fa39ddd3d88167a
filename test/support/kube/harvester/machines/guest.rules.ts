import type { KubeObject } from "../../words.ts";
import { at, type Fields, itemsAt, textAt } from "./fields.ts";

/** A number that depends on the text alone, 0 <= n < below. */
export function spread(text: string, below: number): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0x2c1b3c6d) >>> 0) % below;
}

/** A unicast, locally administered address that is the same for the same instance and card. */
export function macOf(uid: string, card: string): string {
  const bytes = [0, 1, 2, 3, 4].map((index) =>
    spread(`${uid}/${card}/${index}`, 256).toString(16).padStart(2, "0"),
  );
  return ["52", ...bytes].join(":");
}

function addressOf(instance: KubeObject, card: string, network: Fields | undefined): string {
  const host = 10 + spread(`${instance.metadata.uid}/${card}`, 240);
  const multus = textAt(network, "multus", "networkName");
  if (multus === undefined) return `10.52.${spread(instance.metadata.uid, 16)}.${host}`;
  const vlan = Number(/(\d+)$/.exec(multus)?.[1] ?? "0");
  return `172.16.${vlan > 0 && vlan < 255 ? vlan : spread(multus, 200)}.${host}`;
}

/**
 * Network cards as the status of an instance lists them.
 * @param agent whether the guest agent answers: without it only the pod network's address is known
 */
export function guestAddresses(instance: KubeObject, agent: boolean): Fields[] {
  const networks = itemsAt(instance, "spec", "networks");
  return itemsAt(instance, "spec", "domain", "devices", "interfaces").map((card, index) => {
    const name = textAt(card, "name") ?? `net-${index}`;
    const network = networks.find((one) => one["name"] === name);
    const known = agent || at(network, "pod") !== undefined;
    const address = addressOf(instance, name, network);
    return {
      name,
      mac: textAt(card, "macAddress") ?? macOf(instance.metadata.uid, name),
      interfaceName: `enp${index + 1}s0`,
      infoSource: agent ? "domain, guest-agent" : "domain",
      linkState: "up",
      queueCount: 1,
      ...(known ? { ipAddress: address, ipAddresses: [address] } : {}),
    };
  });
}

/** The first address of a guest that is known. */
export function addressOfGuest(instance: unknown): string | undefined {
  for (const card of itemsAt(instance, "status", "interfaces")) {
    const address = textAt(card, "ipAddress");
    if (address !== undefined) return address;
  }
  return undefined;
}
