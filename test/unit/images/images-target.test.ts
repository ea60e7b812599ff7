import * as fc from "fast-check";

import { catalogue } from "../../../images/catalogue";
import { ToolchainError } from "../../../toolchain/bootstrap/errors";
import { ImageError, isAbsent, refusalOf, RegistryError } from "../../../toolchain/images/refusals";
import { describe as manifestOf } from "../../../toolchain/images/skopeo";
import { loginCommand, referenceIn, registryTarget } from "../../../toolchain/images/target";

const ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

describe("the registry after --to", () => {
    it.each([
        [`${ECR}/mlp`, ECR, false],
        [ECR, ECR, false],
        ["registry.example.org:5000/team/mlp/", "registry.example.org:5000", false],
        ["localhost/mlp", "localhost", true],
        ["127.0.0.1:5000", "127.0.0.1:5000", true],
        ["[::1]:5000/mlp", "[::1]:5000", true],
    ])("may be %s", (text, host, isLoopback) => {
        expect(registryTarget(text)).toEqual({ name: text.replace(/\/$/, ""), host, isLoopback });
    });

    it.each([
        "",
        "/mlp",
        "https://registry.example.org",
        "registry",
        "registry/mlp",
        "Registry.example.org/mlp",
        "registry.example.org/MLP",
        "registry.example.org//mlp",
        "registry.example.org/mlp:1",
        "registry.example.org/mlp@sha256:ab",
        "user:pass@registry.example.org",
        "registry.example.org/../x",
        "registry.example.org:port/x",
        "-registry.example.org/x",
        "registry.example.org/x y",
    ])("is refused with what is allowed: %j", (text) => {
        expect(() => registryTarget(text)).toThrow(ToolchainError);
        expect(() => registryTarget(text)).toThrow("HOST[:PORT][/PREFIX]");
    });

    it("is never taken for a loopback one when it is not", () => {
        fc.assert(
            fc.property(fc.domain(), (domain) => {
                const host = domain.toLowerCase();
                expect(registryTarget(`${host}/x`).isLoopback).toBe(false);
                expect(registryTarget(`127.0.0.1.${host}/x`).isLoopback).toBe(false);
            }),
        );
    });

    it("holds ours by name and others' below their publisher", () => {
        const target = registryTarget(`${ECR}/mlp`);
        expect(referenceIn(target, catalogue["plain-runtime"])).toBe(`${ECR}/mlp/plain-runtime:3.13`);
        expect(referenceIn(target, catalogue.pause)).toBe(`${ECR}/mlp/registry.k8s.io/pause:${catalogue.pause.tag}`);
    });

    it("is logged in to by AWS's own command where it is ECR", () => {
        expect(loginCommand(registryTarget(ECR))).toBe(
            `aws ecr get-login-password --region eu-west-1 | skopeo login --username AWS --password-stdin ${ECR}`,
        );
        expect(loginCommand(registryTarget("registry.example.org/x"))).toBe("skopeo login registry.example.org");
    });
});

describe("what a registry says", () => {
    const target = registryTarget(`${ECR}/mlp`);
    const told = (said: string) => refusalOf("ref", `time="now" level=fatal msg="${said}"\n`, target);

    // The first five as skopeo 1.9.3 printed them of a real server; the others as ECR's documentation has them.
    it.each([
        [
            'pinging container registry h: Get \\"http://h/v2/\\": dial tcp h: connect: connection refused',
            /does not answer/,
        ],
        ["dial tcp: lookup nowhere.invalid: no such host", /does not answer/],
        ["http: server gave HTTP response to HTTPS client", /speaks plain HTTP/],
        ["writing blob: initiating layer upload to /v2/: StatusCode: 405, Method not allowed", /read-only/],
        ["unable to retrieve auth token: invalid username/password: unauthorized", /wants a login.*get-login-password/],
        ["denied: User: x is not authorized to perform: ecr:InitiateLayerUpload", /does not allow this login/],
        ["denied: Your authorization token has expired. Reauthenticate and try again.", /wants a login/],
        ["x509: certificate signed by unknown authority", /not trusted here.*certs\.d/],
        ["toomanyrequests: Rate exceeded", /allows no more requests/],
        ["received unexpected HTTP status: 503 Service Unavailable", /fails by itself/],
        ["write /var/tmp/x: no space left on device", /no space left/],
    ])("is told with its cause and its cure: %s", (said, message) => {
        expect(told(said)).toBeInstanceOf(RegistryError);
        expect(told(said).message).toMatch(message);
        expect(told(said).message).toContain("It said: ");
    });

    it.each([
        [
            "name unknown: The repository with name 'mlp/x' does not exist in the registry with id '1'",
            /ImageRepositories/,
        ],
        ["tag invalid: The image tag '1' already exists in the 'x' repository and cannot be overwritten", /new tag/],
    ])("concerns one image alone: %s", (said, message) => {
        expect(told(said)).toBeInstanceOf(ImageError);
        expect(told(said).message).toMatch(message);
    });

    it("is shown as it is where nobody knows it", () => {
        expect(told('something \\"new\\"').message).toBe(`ref: ${ECR} refused: something "new".`);
    });

    it.each([
        ["reading manifest 1 in h/x: manifest unknown: manifest unknown", true],
        ["name unknown: repository name not known to registry", true],
        ["pinging container registry h: StatusCode: 404, not here", false],
        ["connection refused", false],
    ])("means that an image is absent, or not: %s", (said, absent) => {
        expect(isAbsent(said)).toBe(absent);
    });
});

describe("a manifest", () => {
    it("has the digest of its very bytes", () => {
        const text = '{ "config": { "digest": "sha256:c" } }';
        expect(manifestOf(Buffer.from(text), "ref")).toEqual({
            // printf '%s' "$text" | sha256sum
            digest: "sha256:0655541d3d77f9131153fe85ebb9f61d62f489d5bc32822cc271cc5726292593",
            config: "sha256:c",
        });
    });

    it("of several images is refused", () => {
        expect(() => manifestOf(Buffer.from('{ "manifests": [] }'), "ref")).toThrow(/index of several images/);
    });
});
