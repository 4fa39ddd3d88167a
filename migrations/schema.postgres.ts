import { ledgerTables } from "../src/db/ledger-tables.ts";
import { accessTables } from "../src/modules/access/tables.ts";
import { channelTables } from "../src/modules/channels/tables.ts";
import { clusterTables } from "../src/modules/clusters/tables.ts";
import { datasetTables } from "../src/modules/datasets/tables.ts";
import { evaluationTables } from "../src/modules/evaluation/tables.ts";
import { harvesterTables } from "../src/modules/harvester/tables.ts";
import { jobTables } from "../src/modules/jobs/tables.ts";
import { policyTables } from "../src/modules/policy/tables.ts";
import { profileTables } from "../src/modules/profiles/tables.ts";
import { promptTables } from "../src/modules/prompts/tables.ts";
import { ruleTables } from "../src/modules/rules/tables.ts";
import { scheduleTables } from "../src/modules/schedules/tables.ts";
import { secretTables } from "../src/modules/secrets/tables.ts";
import { settingTables } from "../src/modules/settings/tables.ts";
import { sourceTables } from "../src/modules/sources/tables.ts";

export const { events, outbox, idempotency, parked } = ledgerTables.postgres;
export const { datasets, datasetVersions } = datasetTables.postgres;
export const { prompts, promptVersions } = promptTables.postgres;
export const { modelProfiles } = profileTables.postgres;
export const { usagePolicies } = policyTables.postgres;
export const { tenants, projects, users, apiKeys, sessions, refreshTokens, signInAttempts } =
  accessTables.postgres;
export const { secrets } = secretTables.postgres;
export const { jobs } = jobTables.postgres;
export const { runs, reports } = evaluationTables.postgres;
export const { schedules } = scheduleTables.postgres;
export const { rules, ruleVersions } = ruleTables.postgres;
export const { sources, setAside, minutes } = sourceTables.postgres;
export const { channels, deliveries, attempts } = channelTables.postgres;
export const { settings } = settingTables.postgres;
export const { clusters, clusterNamespaces, clusterAgents, clusterEnrolments, clusterKeys } =
  clusterTables.postgres;
export const { consoleTickets } = harvesterTables.postgres;
