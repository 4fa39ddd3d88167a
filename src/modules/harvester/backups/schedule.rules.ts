import type * as z from "zod";
import { problem } from "../../../kernel/problem.ts";
import { sourceOf } from "./backup.rules.ts";
import type { BackupSchedule, CreateBackupSchedule, UpdateBackupSchedule } from "./schemas.ts";

/** The object of a new schedule. */
export function scheduleOf(asked: z.output<typeof CreateBackupSchedule>): Record<string, unknown> {
  return {
    apiVersion: "harvesterhci.io/v1beta1",
    kind: "ScheduleVMBackup",
    metadata: {
      name: asked.name,
      namespace: asked.namespace,
      ...(asked.labels === undefined ? {} : { labels: asked.labels }),
    },
    spec: {
      cron: asked.cron,
      retain: asked.retain,
      maxFailure: asked.maxFailure,
      suspend: asked.suspended,
      vmbackup: { type: asked.type, source: sourceOf(asked.machine) },
    },
  };
}

/** The merge patch of an edit. */
export function scheduleChange({
  resourceVersion,
  cron,
  retain,
  maxFailure,
  suspended,
}: z.output<typeof UpdateBackupSchedule>): Record<string, unknown> {
  return {
    metadata: { resourceVersion },
    spec: {
      ...(cron === undefined ? {} : { cron }),
      ...(retain === undefined ? {} : { retain }),
      ...(maxFailure === undefined ? {} : { maxFailure }),
      ...(suspended === undefined ? {} : { suspend: suspended }),
    },
  };
}

/** @throws invalid_input `harvester.schedule_invalid` when more failures are borne than backups are kept */
export function mustKeepMore({ retain, maxFailure }: Pick<BackupSchedule, "retain" | "maxFailure">): void {
  if (retain === null || maxFailure === null || maxFailure < retain) return;
  const message = `Fewer than the ${retain} backups that are kept.`;
  throw problem("invalid_input", "harvester.schedule_invalid", `maxFailure: ${message}`, {
    errors: [{ pointer: "/maxFailure", code: "too_large", message }],
  });
}

/**
 * Refuses minutes that come closer to each other than an hour, which Harvester does not take.
 * `minutes` are the values of the first field of a cron line.
 */
export function mustBeHourly(fields: number, minutes: readonly number[]): void {
  const message =
    fields === 5 ? "Once an hour at most: one minute in the first field." : "Five fields, without seconds.";
  if (fields === 5 && minutes.length === 1) return;
  throw problem("invalid_input", "harvester.schedule_invalid", `cron: ${message}`, {
    errors: [{ pointer: "/cron", code: "too_often", message }],
  });
}
