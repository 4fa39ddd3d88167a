import type { Command } from "./command.ts";
import { apiCommand } from "./commands/api.ts";
import { auditCommands } from "./commands/audit.ts";
import { bootstrapCommand } from "./commands/bootstrap.ts";
import { clusterCommands } from "./commands/clusters/clusters.ts";
import { consoleCommand } from "./commands/clusters/console.ts";
import { machineCommands } from "./commands/clusters/machines.ts";
import { clusterThingCommands } from "./commands/clusters/things.ts";
import { comparisonCommands } from "./commands/compare.ts";
import { completionCommand } from "./commands/completion.ts";
import { datasetCommands } from "./commands/datasets.ts";
import { jobCommands } from "./commands/jobs.ts";
import { keyCommands } from "./commands/keys.ts";
import { loginCommands } from "./commands/login.ts";
import { policyCommands } from "./commands/policy.ts";
import { profileCommands } from "./commands/profiles.ts";
import { promptCommands } from "./commands/prompts.ts";
import { ruleEffectCommands } from "./commands/rule-effects.ts";
import { ruleCommands } from "./commands/rules.ts";
import { runCommand } from "./commands/run.ts";
import { runCommands } from "./commands/runs.ts";
import { secretCommands } from "./commands/secrets.ts";
import { sourceCommands } from "./commands/sources.ts";

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  bootstrapCommand,
  ...loginCommands,
  runCommand,
  ...jobCommands,
  ...runCommands,
  ...comparisonCommands,
  ...datasetCommands,
  ...promptCommands,
  ...sourceCommands,
  ...ruleCommands,
  ...ruleEffectCommands,
  ...clusterCommands,
  ...machineCommands,
  consoleCommand,
  ...clusterThingCommands,
  ...profileCommands,
  ...policyCommands,
  ...keyCommands,
  ...secretCommands,
  ...auditCommands,
  apiCommand,
  completionCommand(() => commands),
];
