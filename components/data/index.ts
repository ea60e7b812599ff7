export { Database } from "./database";
export type { DatabaseArgs } from "./database";
export { Postgres } from "./postgres";
export type { PostgresArgs } from "./postgres";
export type { DataVolumeArgs } from "./volume";
