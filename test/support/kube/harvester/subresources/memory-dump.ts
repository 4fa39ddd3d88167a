import { badRequest } from "../../api-server/status-error.ts";
import { kindIn } from "../controllers/kinds.ts";
import { at, type Fields, fieldsAt, textAt } from "../machines/fields.ts";
import { guestMemory } from "../machines/instance-spec.rules.ts";
import { bytesText, quantityOf } from "../machines/quantity.ts";
import { stamp } from "../machines/stamp.ts";
import { cannot, noSuch } from "./refusals.ts";
import { mustFindMachine, mustRun, type Subject } from "./subject.ts";

const dumpMs = 5_000;

function write({ world, namespace, name }: Subject, request: Fields | undefined): void {
  const kind = kindIn(world, "virtualMachine");
  if (world.store.find(kind, namespace, name) === undefined) return;
  world.store.edit(kind, namespace, name, (stored) => {
    const { memoryDumpRequest: _before, ...status } = fieldsAt(stored, "status");
    stored["status"] = request === undefined ? status : { ...status, memoryDumpRequest: request };
  });
}

function mustFit({ world, namespace }: Subject, claimName: string, bytes: number): void {
  const claim = world.store.find(kindIn(world, "claim"), namespace, claimName);
  if (claim === undefined) throw noSuch("persistentvolumeclaim", claimName);
  if (textAt(claim, "spec", "volumeMode") === "Block")
    throw cannot("persistentvolumeclaim", claimName, "pvc should be filesystem pvc");
  const has = quantityOf(at(claim, "spec", "resources", "requests", "storage"));
  if (has < bytes)
    throw cannot(
      "persistentvolumeclaim",
      claimName,
      `pvc size [${bytesText(has)}] should be bigger then [${bytesText(bytes)}]`,
    );
}

/** Writes the memory of a guest into a claim. @throws StatusError 400, 404, 409 */
export function dumpMemory(subject: Subject, options: Fields): void {
  const machine = mustFindMachine(subject);
  const before = at(machine, "status", "memoryDumpRequest");
  const known = textAt(before, "claimName");
  const claimName = textAt(options, "claimName") ?? known;
  if (claimName === undefined) throw badRequest("Memory dump requires claim name to be set");
  if (known !== undefined && known !== claimName)
    throw cannot(
      "virtualmachine",
      subject.name,
      `can't request memory dump for pvc [${claimName}] while pvc [${known}] is still associated as the memory dump pvc`,
    );
  const phase = textAt(before, "phase");
  if (phase !== undefined && phase !== "Completed" && phase !== "Failed")
    throw cannot(
      "virtualmachine",
      subject.name,
      `memory dump request for pvc [${claimName}] already in progress`,
    );
  mustFit(subject, claimName, guestMemory(mustRun(subject)["spec"]) + 100 * 2 ** 20);
  const { clock } = subject.world;
  const startTimestamp = stamp(clock.now());
  write(subject, { claimName, phase: "Associating", startTimestamp });
  clock.after(dumpMs, () =>
    write(subject, {
      claimName,
      phase: "Completed",
      fileName: `${subject.name}-${claimName}-${startTimestamp.replace(/[-:TZ]/g, "")}.memory.dump`,
      startTimestamp,
      endTimestamp: stamp(clock.now()),
    }),
  );
}

/** @throws StatusError 404, 409 */
export function forgetMemoryDump(subject: Subject): void {
  if (at(mustFindMachine(subject), "status", "memoryDumpRequest") === undefined)
    throw cannot(
      "virtualmachine",
      subject.name,
      `can't remove memory dump association for vm ${subject.name}, no association found`,
    );
  write(subject, undefined);
}
