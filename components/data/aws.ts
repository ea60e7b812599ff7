export { RdsPostgres } from "./aws-rds";
export type { RdsPostgresArgs } from "./aws-rds";
export { S3Buckets } from "./aws-s3";
export type { S3BucketsArgs } from "./aws-s3";
