import { describeEnvironment } from "../support/environment-course";

describeEnvironment({
    env: "staging",
    zone: "Z0123456789STAGING",
    domain: "staging.example.org",
    zones: 2,
    long: false,
});
