import { strToU8, zipSync } from "fflate";
import type { SimResponse } from "../../words.ts";
import { isTrue } from "../machines/conditions.ts";
import { fieldsAt, textAt } from "../machines/fields.ts";
import { stamp } from "../machines/stamp.ts";
import { failed } from "./action-fault.ts";
import type { Action, Asked } from "./asking.ts";

/** Packs what an upgrade has logged so far; answers the name of the archive. */
const generateArchive: Action = ({ world, type, namespace, name, object }) => {
  if (!isTrue(object, "Started")) {
    throw failed(
      `the logging infrastructure for the upgradelog resource (${namespace}/${name}) is not ready yet`,
    );
  }
  const generatedTime = stamp(world.clock.now()).replaceAll(":", "-");
  const archive = `${name}-archive-${generatedTime}`;
  world.store.edit(type.kind, namespace, name, (log) => {
    const status = fieldsAt(log, "status");
    const archives = { ...fieldsAt(status, "archives"), [archive]: { size: 0, generatedTime, ready: true } };
    log["status"] = { ...status, archives };
  });
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(archive)),
  };
};

export const upgradeLogActions: Readonly<Record<string, Action>> = { generateArchive };

/** An archive as a zip. @throws ActionFault 500 while there is none of that name */
export function downloadArchive({ request, namespace, name, object }: Asked): SimResponse {
  const archive = request.query.get("archiveName") ?? "";
  if (!isTrue(object, "DownloadReady")) {
    throw failed(`the archive (${archive}) of upgrade resource (${namespace}/${name}) is not ready yet`);
  }
  if (fieldsAt(object, "status", "archives")[archive] === undefined) {
    throw failed("failed with unexpected http status code 404");
  }
  const told = `upgrade ${textAt(object, "spec", "upgradeName") ?? ""}\n`;
  return {
    status: 200,
    headers: {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename=${archive}.zip`,
    },
    body: zipSync({ [`logs/${name}.log`]: strToU8(told) }),
  };
}
