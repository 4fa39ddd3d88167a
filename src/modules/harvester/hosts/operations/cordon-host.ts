import { defineCordon } from "../cordon.ts";

export const cordonHost = defineCordon(
  true,
  "harvester.host.cordon",
  "Keep new virtual machines off a host; those on it stay",
);
