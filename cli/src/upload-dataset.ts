import { openAsBlob, statSync } from "node:fs";
import { basename, extname } from "node:path";
import type { Api } from "./client/api.ts";
import type { Page } from "./client/pages.ts";
import { exitCodes } from "./exit-codes.ts";
import { ApiError, CliError } from "./failure.ts";
import type { ImportReport } from "./views/import-report.ts";

export interface ReadingChoices {
  readonly format?: string | undefined;
  readonly encoding?: string | undefined;
  readonly sheet?: string | undefined;
  /** JSON text: canonical field to column. */
  readonly mapping?: string | undefined;
}

export interface DatasetUpload extends ReadingChoices {
  readonly path: string;
  /** Absent: the file's name without its ending. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly projectId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

export interface Uploaded {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly recordCount: number;
  readonly report: ImportReport;
  /** False when the data set held this very file already. */
  readonly added: boolean;
}

const mediaTypes: Readonly<Record<string, string>> = {
  ".jsonl": "application/x-ndjson",
  ".ndjson": "application/x-ndjson",
  ".json": "application/json",
  ".csv": "text/csv",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** Opens a file for sending; it is read in parts while it goes. Throws when it isn't there. */
export function fileBody(path: string): { mediaType: string; size: number; open(): Promise<Blob> } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) {
    throw new CliError(exitCodes.notFound, {
      en: `There is no file ${path}.`,
      ko: `${path} 파일이 없습니다.`,
    });
  }
  const mediaType = mediaTypes[extname(path).toLowerCase()] ?? "application/octet-stream";
  return { mediaType, size: stat.size, open: () => openAsBlob(path) };
}

/** Uploads a file as a new data set, or as the next version of the one that has its name. */
export async function uploadDataset(api: Api, upload: DatasetUpload): Promise<Uploaded> {
  const { path, description, projectId, idempotencyKey } = upload;
  const file = fileBody(path);
  const name = upload.name ?? datasetName(path);
  const { format, encoding, sheet, mapping } = upload;
  const reading = { format, encoding, sheet, mapping, fileName: basename(path).slice(-255) };
  const known = await findByName(api, name);
  if (known === undefined) {
    try {
      const made = await api.call<{ id: string; recordCount: number; report: ImportReport }>(
        "datasets.dataset.create",
        { name, description, projectId, ...reading },
        { file, idempotencyKey },
      );
      return {
        id: made.id,
        name,
        version: 1,
        recordCount: made.recordCount,
        report: made.report,
        added: true,
      };
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.code !== "datasets.name_taken") throw error;
    }
  }
  const id = known ?? (await findByName(api, name));
  if (id === undefined) {
    throw new CliError(exitCodes.refused, {
      en: `The name "${name}" is taken by a data set that you may not see.`,
      ko: `"${name}" 이름은 볼 수 없는 다른 데이터셋이 쓰고 있습니다.`,
    });
  }
  const { version, recordCount, report, added } = await api.call<Omit<Uploaded, "id" | "name">>(
    "datasets.version.create",
    { id, ...reading },
    { file, idempotencyKey },
  );
  return { id, name, version, recordCount, report, added };
}

async function findByName(api: Api, name: string): Promise<string | undefined> {
  const page = await api.call<Page<{ id: string; name: string }>>("datasets.dataset.list", {
    name,
    limit: 10,
  });
  return page.items.find((item) => item.name === name)?.id;
}

/** A name that the registry takes, from the name of a file. */
export function datasetName(path: string): string {
  const stem = basename(path, extname(path)).normalize("NFC");
  const name = stem.replaceAll(/[^\p{L}\p{N}\p{M} ._/():-]+/gu, "-").replace(/^[^\p{L}\p{N}]+/u, "");
  return name.slice(0, 120).trim() || "dataset";
}
