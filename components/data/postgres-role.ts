/** Port of every PostgreSQL server. */
export const POSTGRES_PORT = 5432;
/** Name of the administrator's role. */
export const ADMINISTRATOR = "postgres";
