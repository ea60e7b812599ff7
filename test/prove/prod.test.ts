import { describeEnvironment } from "../support/environment-course";

describeEnvironment({ env: "prod", zone: "Z0123456789PROD", domain: "example.org", zones: 3, long: true });
