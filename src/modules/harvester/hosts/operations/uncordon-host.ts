import { defineCordon } from "../cordon.ts";

export const uncordonHost = defineCordon(
  false,
  "harvester.host.uncordon",
  "Let virtual machines on a host again",
);
