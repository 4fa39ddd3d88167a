/** What other modules and the shell may use of clusters. */
export { mustFindCluster } from "./find-cluster.ts";
export { mustReachNamespace, reachableNamespaces } from "./reach.ts";
