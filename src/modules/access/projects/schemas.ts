import * as z from "zod";
import { PageQuery, pageOf } from "../../../kernel/page.ts";
import { Instant, iso, Name, Settings, Version } from "../fields.ts";
import type { ProjectRow } from "./store.ts";

const Description = z.string().max(2000);

export const Project = z
  .strictObject({
    id: z.string(),
    name: Name,
    description: Description,
    settings: Settings,
    isDefault: z.boolean(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Version,
  })
  .meta({ id: "Project" });
export type Project = z.infer<typeof Project>;

export const ProjectId = z.strictObject({ id: z.string() });
export const Projects = pageOf(Project);
export const ProjectQuery = PageQuery;

export const NewProject = z.strictObject({
  name: Name,
  description: Description.default(""),
  settings: Settings.default({}),
});

export const ProjectChanges = z.strictObject({
  id: z.string(),
  name: Name.optional(),
  description: Description.optional(),
  settings: Settings.optional(),
});

export function projectOf(row: ProjectRow): Project {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    settings: { ...row.settings },
    isDefault: row.isDefault,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    version: row.version,
  };
}
