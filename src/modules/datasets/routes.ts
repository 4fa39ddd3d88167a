import { type Route, route } from "../../http/route.ts";
import { activateDataset } from "./operations/activate-dataset.ts";
import { addDatasetVersion } from "./operations/add-dataset-version.ts";
import { archiveDataset } from "./operations/archive-dataset.ts";
import { createDataset } from "./operations/create-dataset.ts";
import { deprecateDataset } from "./operations/deprecate-dataset.ts";
import { downloadDatasetVersion } from "./operations/download-dataset-version.ts";
import { getDataset } from "./operations/get-dataset.ts";
import { getDatasetVersion } from "./operations/get-dataset-version.ts";
import { listDatasetCases } from "./operations/list-dataset-cases.ts";
import { listDatasetVersions } from "./operations/list-dataset-versions.ts";
import { listDatasets } from "./operations/list-datasets.ts";
import { updateDataset } from "./operations/update-dataset.ts";

export const datasetRoutes: readonly Route[] = [
  route(createDataset, "POST", "/v1/datasets", { status: 201 }),
  route(listDatasets, "GET", "/v1/datasets"),
  route(getDataset, "GET", "/v1/datasets/{id}"),
  route(updateDataset, "PATCH", "/v1/datasets/{id}"),
  route(deprecateDataset, "POST", "/v1/datasets/{id}:deprecate"),
  route(archiveDataset, "POST", "/v1/datasets/{id}:archive"),
  route(activateDataset, "POST", "/v1/datasets/{id}:activate"),
  route(addDatasetVersion, "POST", "/v1/datasets/{id}/versions", { status: 201 }),
  route(listDatasetVersions, "GET", "/v1/datasets/{id}/versions"),
  route(getDatasetVersion, "GET", "/v1/datasets/{id}/versions/{version}"),
  route(listDatasetCases, "GET", "/v1/datasets/{id}/versions/{version}/cases"),
  route(downloadDatasetVersion, "GET", "/v1/datasets/{id}/versions/{version}:download"),
];
