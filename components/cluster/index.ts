export { EksGpuCluster } from "./eks";
export * from "./eks/args";
export * from "./existing";
