import { defineOperation } from "../../../../kernel/operation.ts";
import { listAll } from "../../kube/list-all.ts";
import { pathOf } from "../../kube/paths.rules.ts";
import { readRaises } from "../../raises.ts";
import { openCluster } from "../../reach.ts";
import { readLinks } from "../read-networks.rules.ts";
import { LinkQuery, LinkReport } from "../schemas.ts";

export const getLinks = defineOperation({
  action: "harvester.link.list",
  effect: "read",
  scope: "clusters:read",
  summary: "Show the links of hosts' network cards, and how each network of the cluster is on each host",
  input: LinkQuery,
  output: LinkReport,
  raises: readRaises,
  async run(ctx, { id, host }) {
    const kube = await openCluster(ctx, id);
    const [monitors, statuses] = await Promise.all([
      listAll(kube, pathOf("network", "linkmonitors")),
      listAll(kube, pathOf("network", "vlanstatuses")),
    ]);
    return readLinks(monitors, statuses, host);
  },
});
