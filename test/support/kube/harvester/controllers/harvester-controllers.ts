import type { Controller } from "../../words.ts";
import { addonController } from "./addon-controller.ts";
import { backupController } from "./backup-controller.ts";
import { claimController } from "./claim-controller.ts";
import { cpuManagerController, powerController } from "./host-request-controllers.ts";
import { imageController } from "./image-controller.ts";
import { instanceController } from "./instance-controller.ts";
import { jobController } from "./job-controller.ts";
import { longhornController } from "./longhorn-controller.ts";
import { machineController } from "./machine-controller.ts";
import { maintenanceController } from "./maintenance-controller.ts";
import { migrationController } from "./migration-controller.ts";
import { nodeController } from "./node-controller.ts";
import { podController } from "./pod-controller.ts";
import { restoreController } from "./restore-controller.ts";
import { scheduleController } from "./schedule-controller.ts";
import { snapshotController } from "./snapshot-controller.ts";
import { supportBundleController } from "./support-bundle-controller.ts";

/** Everything that moves by itself in the simulated cluster. */
export const harvesterControllers: readonly Controller[] = [
  nodeController,
  claimController,
  longhornController,
  imageController,
  machineController,
  instanceController,
  migrationController,
  snapshotController,
  backupController,
  restoreController,
  scheduleController,
  maintenanceController,
  addonController,
  supportBundleController,
  cpuManagerController,
  powerController,
  podController,
  jobController,
];
