import { configurationIn } from "../../../cli/policies";

describe("the configuration of a stack file, as Pulumi hands it to programs", () => {
    it("keeps texts and writes structures as JSON", () => {
        const file =
            'config:\n  aws:region: eu-west-1\n  mlp:platform: { environment: dev, cluster: { admins: ["a"] } }\n';
        expect(configurationIn(file)).toEqual({
            "aws:region": "eu-west-1",
            "mlp:platform": '{"environment":"dev","cluster":{"admins":["a"]}}',
        });
    });

    it.each(["", "config:\n", "encryptionsalt: v1:abc\n"])("is empty in %j", (file) => {
        expect(configurationIn(file)).toEqual({});
    });
});
