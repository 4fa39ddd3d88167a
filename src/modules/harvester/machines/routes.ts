import { type Route, route } from "../../../http/route.ts";
import { createConsoleTicket } from "../consoles/create-ticket.ts";
import { getGuest } from "../guests/operations/get-guest.ts";
import { readMachineLog } from "../guests/operations/read-machine-log.ts";
import { readScreenshot } from "../guests/operations/read-screenshot.ts";
import { abortMigration } from "./operations/abort-migration.ts";
import { addMachineVolume } from "./operations/add-machine-volume.ts";
import { cloneMachine } from "./operations/clone-machine.ts";
import { createMachine } from "./operations/create-machine.ts";
import { deleteMachine } from "./operations/delete-machine.ts";
import { ejectCdRom } from "./operations/eject-cd-rom.ts";
import { forceStopMachine } from "./operations/force-stop-machine.ts";
import { getMachine } from "./operations/get-machine.ts";
import { listMachines } from "./operations/list-machines.ts";
import { listMigrationHosts } from "./operations/list-migration-hosts.ts";
import { migrateMachine } from "./operations/migrate-machine.ts";
import { pauseMachine } from "./operations/pause-machine.ts";
import { preflightMachine } from "./operations/preflight-machine.ts";
import { removeMachineVolume } from "./operations/remove-machine-volume.ts";
import { restartMachine } from "./operations/restart-machine.ts";
import { softRebootMachine } from "./operations/soft-reboot-machine.ts";
import { startMachine } from "./operations/start-machine.ts";
import { stopMachine } from "./operations/stop-machine.ts";
import { templateMachine } from "./operations/template-machine.ts";
import { unpauseMachine } from "./operations/unpause-machine.ts";
import { updateMachine } from "./operations/update-machine.ts";

const within = "/v1/clusters/{id}/namespaces/{namespace}/virtual-machines";
const one = `${within}/{name}`;

export const machineRoutes: readonly Route[] = [
  route(listMachines, "GET", "/v1/clusters/{id}/virtual-machines"),
  route(createMachine, "POST", within, { status: 201 }),
  route(preflightMachine, "POST", `${within}:preflight`),
  route(getMachine, "GET", one),
  route(updateMachine, "PATCH", one),
  route(deleteMachine, "DELETE", one),
  route(startMachine, "POST", `${one}:start`),
  route(stopMachine, "POST", `${one}:stop`),
  route(forceStopMachine, "POST", `${one}:forceStop`),
  route(restartMachine, "POST", `${one}:restart`),
  route(softRebootMachine, "POST", `${one}:softReboot`),
  route(pauseMachine, "POST", `${one}:pause`),
  route(unpauseMachine, "POST", `${one}:unpause`),
  route(migrateMachine, "POST", `${one}:migrate`),
  route(abortMigration, "POST", `${one}:abortMigration`),
  route(listMigrationHosts, "GET", `${one}/migration-hosts`),
  route(cloneMachine, "POST", `${one}:clone`, { status: 201 }),
  route(templateMachine, "POST", `${one}:createTemplate`),
  route(addMachineVolume, "POST", `${one}:addVolume`),
  route(removeMachineVolume, "POST", `${one}:removeVolume`),
  route(ejectCdRom, "POST", `${one}:ejectCdRom`),
  route(createConsoleTicket, "POST", `${one}:consoleTicket`, { status: 201 }),
  route(readMachineLog, "GET", `${one}/log`),
  route(getGuest, "GET", `${one}/guest`),
  route(readScreenshot, "GET", `${one}/screenshot`),
];
